package io.elanus.index;

/// Distances of rows, or of what stands for them, from any query and from each other.
interface Scoring {
  /// A scorer from `query`, which is borrowed.
  Scorer from(float[] query);

  /// A scorer to be aimed at one row after the other.
  AimedScorer fromRows();
}
