/// What measurements have in common: the clock of a thread, searches in turns and at the same time, durations in
/// order, and curves of recall and rate.
@NullMarked
package io.elanus.bench.measure;

import org.jspecify.annotations.NullMarked;
