package io.elanus.index;

/// Distances of rows from one query; smaller is nearer for every metric. One thread.
interface Scorer {
  /// `out[i]` becomes the distance of row `ordinals[i]`, for `i < count`.
  void score(int[] ordinals, int count, float[] out);
}
