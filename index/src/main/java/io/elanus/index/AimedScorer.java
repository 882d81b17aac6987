package io.elanus.index;

/// A [Scorer] whose query is a row.
interface AimedScorer extends Scorer {
  /// Takes row `ordinal` as the query from now on.
  void aim(int ordinal);
}
