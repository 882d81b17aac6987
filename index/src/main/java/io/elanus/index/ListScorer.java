package io.elanus.index;

/// Distances of rows in lists from one query; smaller is nearer for every metric. One thread.
@FunctionalInterface
interface ListScorer {
  /// `out[i]` becomes the distance of the row in place `places[i]`, for `i < count`. The places ascend, and all are of
  /// `list`, whose first place is `first`.
  void score(int list, int first, int[] places, int count, float[] out);
}
