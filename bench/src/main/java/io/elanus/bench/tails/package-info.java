/// Searches of rows that are in no segment yet.
@NullMarked
package io.elanus.bench.tails;

import org.jspecify.annotations.NullMarked;
