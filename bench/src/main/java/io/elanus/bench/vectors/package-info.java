/// Vectors to measure with, from folders of `.npy` files. `bench/peers/vectors.py` makes some.
@NullMarked
package io.elanus.bench.vectors;

import org.jspecify.annotations.NullMarked;
