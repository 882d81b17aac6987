package io.elanus.index;

import io.elanus.index.kernel.Kernel;
import java.util.List;

/// Distances of rows from up to [Kernel#QUERY_BLOCK] queries at once; [VectorScorer] for several. One
/// thread. Each distance has the bits that [VectorScorer] would give it.
final class BlockScorer {
  private final Distances over;
  private final Kernel kernel;
  private final float[] queries;
  private final float[] inverseNorms = new float[Kernel.QUERY_BLOCK];

  /// A block with less queries than it has places leaves vectors of zeros in the rest.
  BlockScorer(Distances over, List<float[]> block) {
    int dimension = over.dimension();
    this.over = over;
    this.kernel = over.kernel().forOneThread();
    this.queries = new float[Kernel.QUERY_BLOCK * dimension];
    for (int q = 0; q < block.size(); q++) {
      System.arraycopy(block.get(q), 0, queries, q * dimension, dimension);
      inverseNorms[q] = InverseNorms.of(queries, q * dimension, dimension);
    }
  }

  /// `out[q * count + i]` becomes the distance of row `ordinals[i]` from query `q`. `rowNorms[i]`
  /// is the row's inverse norm; read for COSINE only.
  void score(int[] ordinals, int count, float[] rowNorms, float[] out) {
    switch (over.metric()) {
      case L2 -> kernel.squaredL2Block(queries, ordinals, count, out);
      case INNER_PRODUCT -> {
        kernel.dotBlock(queries, ordinals, count, out);
        VectorScorer.negate(Kernel.QUERY_BLOCK * count, out);
      }
      case COSINE -> {
        kernel.dotBlock(queries, ordinals, count, out);
        for (int q = 0; q < Kernel.QUERY_BLOCK; q++) {
          VectorScorer.scale(out, q * count, count, inverseNorms[q], rowNorms);
        }
      }
    }
  }
}
