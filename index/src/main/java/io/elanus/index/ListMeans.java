package io.elanus.index;

import java.util.Arrays;

/// The means of the rows of each list. Rows are read in their order, once for as many lists as there is room for sums.
final class ListMeans {
  private static final int MAX_SUMS = 8 << 20;

  private final RowValues rows;
  private final IvfLists lists;
  private final int[] places;
  private final int dimension;

  /// @param places of the rows
  ListMeans(DenseVectors vectors, Metric metric, IvfLists lists, int[] places) {
    this.rows = new RowValues(vectors, metric);
    this.lists = lists;
    this.places = places;
    this.dimension = vectors.dimension();
  }

  @FunctionalInterface
  interface Taker {
    /// @param mean zeros for a list without rows; as it is until the next one
    void take(int list, float[] mean);
  }

  void forEach(Taker taker) {
    int together = Math.clamp(MAX_SUMS / dimension, 1, Math.max(1, lists.count()));
    double[] sums = new double[together * dimension];
    for (int first = 0; first < lists.count(); first += together) {
      int end = Math.min(lists.count(), first + together);
      Arrays.fill(sums, 0);
      add(first, end, sums);
      for (int list = first; list < end; list++) {
        taker.take(list, mean(list, sums, (list - first) * dimension));
      }
    }
  }

  private void add(int first, int end, double[] sums) {
    for (int row = 0; row < places.length; row++) {
      int list = lists.listOf(places[row]);
      if (list >= first && list < end) {
        float[] values = rows.of(row);
        int at = (list - first) * dimension;
        for (int d = 0; d < dimension; d++) {
          sums[at + d] += values[d];
        }
      }
    }
  }

  private float[] mean(int list, double[] sums, int at) {
    int count = lists.end(list) - lists.start(list);
    float[] mean = new float[dimension];
    for (int d = 0; d < dimension && count > 0; d++) {
      mean[d] = (float) (sums[at + d] / count);
    }
    return mean;
  }
}
