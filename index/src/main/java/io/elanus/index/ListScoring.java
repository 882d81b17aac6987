package io.elanus.index;

/// Distances of rows that lie in lists from any query.
interface ListScoring {
  /// A scorer from `query`, which is borrowed.
  ListScorer from(float[] query);

  /// Of rows whose score does not depend on their list.
  static ListScoring of(Scoring places) {
    return query -> {
      Scorer scorer = places.from(query);
      return (list, first, ordinals, count, out) -> scorer.score(ordinals, count, out);
    };
  }
}
