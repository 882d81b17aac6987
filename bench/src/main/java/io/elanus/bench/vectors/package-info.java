/// Vectors to measure with: made ones, and folders of `.npy` files. `bench/peers/vectors.py` makes some of those, too.
@NullMarked
package io.elanus.bench.vectors;

import org.jspecify.annotations.NullMarked;
