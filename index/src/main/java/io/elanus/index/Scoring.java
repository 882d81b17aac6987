package io.elanus.index;

/// Distances of rows, or of what stands for them, from any query.
interface Scoring {
  /// A scorer from `query`, which is borrowed.
  Scorer from(float[] query);
}
