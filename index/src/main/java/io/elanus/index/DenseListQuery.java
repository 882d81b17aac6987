package io.elanus.index;

import io.elanus.index.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/// A [ListQuery] of vectors of numbers, scored [Kernel#QUERY_BLOCK] of them at a time.
final class DenseListQuery implements ListQuery {
  private final Distances over;
  private final List<Block> blocks = new ArrayList<>();
  private float[] norms = new float[0];
  private float[] scores = new float[0];

  private record Block(BlockScorer scorer, int size) {}

  DenseListQuery(Distances over, List<float[]> query) {
    this.over = over;
    query.forEach(over::requireDimension);
    for (int from = 0; from < query.size(); from += Kernel.QUERY_BLOCK) {
      List<float[]> some = query.subList(from, Math.min(from + Kernel.QUERY_BLOCK, query.size()));
      blocks.add(new Block(new BlockScorer(over, some), some.size()));
    }
  }

  @Override
  public void score(int[] vectors, int count, Each each) {
    if (norms.length < count) {
      norms = new float[count];
      scores = new float[Kernel.QUERY_BLOCK * count];
    }
    if (over.metric() == Metric.COSINE) {
      over.inverseNorms().load(vectors, count, norms);
    }
    for (Block block : blocks) {
      block.scorer().score(vectors, count, norms, scores);
      for (int q = 0; q < block.size(); q++) {
        each.accept(scores, q * count);
      }
    }
  }
}
