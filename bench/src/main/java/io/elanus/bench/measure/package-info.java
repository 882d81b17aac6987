/// What measurements have in common: the clock of a thread, searches in turns and at the same time, and durations in order.
@NullMarked
package io.elanus.bench.measure;

import org.jspecify.annotations.NullMarked;
