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
  private final int[] products = new int[BATCH * BitKernel.GROUP];
  private final float[] squares = new float[products.length];
  private final float[] factors = new float[products.length];
  private final float[] counts = new float[products.length];
  private final float[] distances = new float[products.length];

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
    if (count > 0 && list != entered) {
      enter(list);
    }
    int firstGroup = over.firstGroups()[list];
    for (int i = 0; i < count; ) {
      int group = (places[i] - first) / BitKernel.GROUP;
      int end = endOfRun(first, places, i, count);
      int groups = (places[end - 1] - first) / BitKernel.GROUP - group + 1;
      estimate(firstGroup + group, groups);
      int firstOfRun = first + group * BitKernel.GROUP;
      for (; i < end; i++) {
        out[i] = distances[places[i] - firstOfRun];
      }
    }
  }

  /// The end of the places from number `from` on that lie in groups one after the other, at most [#BATCH].
  private static int endOfRun(int first, int[] places, int from, int count) {
    int begin = (places[from] - first) / BitKernel.GROUP;
    int group = begin;
    for (int i = from + 1; i < count; i++) {
      int next = (places[i] - first) / BitKernel.GROUP;
      if (next > group + 1 || next == begin + BATCH) {
        return i;
      }
      group = next;
    }
    return count;
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

  /// Of all rows of some groups.
  private void estimate(int firstGroup, int groups) {
    int rows = groups * BitKernel.GROUP;
    long start = (long) BitKernel.groupBytes(over.shape().words()) * firstGroup;
    over.kernel().products(bits.planes(), start, groups, products);
    over.loadRows(firstGroup * BitKernel.GROUP, rows, squares, factors, counts);
    bits.estimate(products, factors, counts, rows, distances);
    if (over.metric() == Metric.L2) {
      for (int i = 0; i < rows; i++) {
        distances[i] = base + squares[i] - 2 * distances[i];
      }
    } else {
      for (int i = 0; i < rows; i++) {
        distances[i] = 0f - base - distances[i];
      }
    }
  }
}
