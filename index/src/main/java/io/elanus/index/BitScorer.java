package io.elanus.index;

import io.elanus.index.kernel.BitKernel;
import io.elanus.index.kernel.BitQuery;
import io.elanus.index.kernel.BitRows;

/// Distances by [BitCodes]: of some groups of rows at a time, of which those that are asked for are taken.
final class BitScorer implements ListScorer {
  /// Groups that are counted at once.
  private static final int BATCH = 32;

  private final BitCodes over;
  private final float[] query;
  private final BitQuery bits;
  private final float[] mean;
  private final float[] fromMean;
  private final float[] distances = new float[BATCH * BitKernel.GROUP];

  private final BitRows rows = new BitRows();

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
    if (over.metric() == Metric.L2) {
      rows.weigh(base, 1, -2);
    } else {
      rows.weigh(0f - base, 0, -1);
    }
    over.kernel().estimate(bits, over.rows(firstGroup, rows), groups, distances);
  }
}
