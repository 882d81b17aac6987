package io.elanus.index;

import io.elanus.index.kernel.BitKernel;

/// Distances by [BitCodes]: of some groups of rows at a time, of which those that are asked for are taken.
final class BitScorer implements ListScorer {
  /// Groups that are counted at once.
  private static final int BATCH = 32;

  private final BitCodes over;
  private final float[] query;
  private final BitQuery bits;
  private final float[] mean;
  private final float[] fromMean;
  private final long[] products = new long[BATCH * BitKernel.GROUP];
  private final float[] squares = new float[products.length];
  private final float[] factors = new float[products.length];
  private final float[] counts = new float[products.length];

  private int entered = -1;

  /// What the mean of the list adds.
  private float base;

  /// @param query rotated
  BitScorer(BitCodes over, float[] query) {
    this.over = over;
    this.query = query;
    this.bits = new BitQuery(query.length);
    this.mean = new float[query.length];
    this.fromMean = new float[query.length];
    if (over.metric() != Metric.L2) {
      bits.take(query);
    }
  }

  @Override
  public void score(int list, int first, int[] places, int count, float[] out) {
    if (count == 0) {
      return;
    }
    if (list != entered) {
      enter(list);
    }
    int firstGroup = over.firstGroups()[list];
    for (int i = 0; i < count; ) {
      int group = (places[i] - first) / BitKernel.GROUP;
      int end = Math.min(group + BATCH, (places[count - 1] - first) / BitKernel.GROUP + 1);
      // Few of many rows are asked for one group at a time.
      int last = places[Math.min(i + BitKernel.GROUP, count) - 1] - first;
      if (last / BitKernel.GROUP > group + 1) {
        end = group + 1;
      }
      estimate(firstGroup + group, end - group);
      for (; i < count && places[i] - first < end * BitKernel.GROUP; i++) {
        out[i] = distance(places[i] - first - group * BitKernel.GROUP);
      }
    }
  }

  private void enter(int list) {
    entered = list;
    over.mean(list, mean);
    float squared = 0;
    float product = 0;
    for (int i = 0; i < query.length; i++) {
      fromMean[i] = query[i] - mean[i];
      squared += fromMean[i] * fromMean[i];
      product += query[i] * mean[i];
    }
    if (over.metric() == Metric.L2) {
      bits.take(fromMean);
      base = squared;
    } else {
      base = product;
    }
  }

  private void estimate(int firstGroup, int count) {
    over.kernel().products(bits.planes(), firstGroup, count, products);
    over.loadRows(firstGroup * BitKernel.GROUP, count * BitKernel.GROUP, squares, factors, counts);
  }

  /// Of row `i` of those estimated. The product is `factor * (2 sum of the values whose bit is set - sum of all)`.
  private float distance(int i) {
    float product =
        factors[i] * (2 * bits.step() * products[i] - bits.sum()) + 2 * bits.low() * counts[i];
    return over.metric() == Metric.L2
        ? Math.max(0, base + squares[i] - 2 * product)
        : 0f - (base + product);
  }
}
