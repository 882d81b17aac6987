/// Recall and rate of the index alone, on vectors from `.npy` files. `bench/peers/recall.py` measures
/// hnswlib and faiss on the same files in the same way.
@NullMarked
package io.elanus.bench.recall;

import org.jspecify.annotations.NullMarked;
