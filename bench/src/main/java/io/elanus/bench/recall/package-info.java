/// Recall and rate of the index alone, on vectors from `.npy` files.
@NullMarked
package io.elanus.bench.recall;

import org.jspecify.annotations.NullMarked;
