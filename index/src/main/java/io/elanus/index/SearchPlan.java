package io.elanus.index;

/// How one search of a graph index is carried out.
sealed interface SearchPlan {
  /// Rows scored by a walk for each row it keeps, about; measured on SIFT at m 16.
  int SCORED_PER_KEPT = 16;

  /// Score the accepted rows.
  record Scan() implements SearchPlan {}

  /// Walk the graph keeping the nearest `ef`, of which the first `wanted` are the result. A filtered
  /// walk is given up for a scan after scoring `budget` rows, so it never costs much more than that.
  record Walk(int ef, int wanted, int budget) implements SearchPlan {}

  /// Decides for the `k` nearest of the accepted among `count` rows.
  static SearchPlan of(SearchParams params, int k, int count, AcceptedRows accepted) {
    return switch (params) {
      case SearchParams.Exact _ -> new Scan();
      case SearchParams.Hnsw(int ef) -> of(Math.max(ef, k), k, count, accepted.cardinality(count));
    };
  }

  /// A walk keeps `ef` accepted rows and meets `count / accepted` rows for each, so it scores about
  /// `SCORED_PER_KEPT * ef * count / accepted`; a scan scores `accepted`. The smaller is chosen.
  private static SearchPlan of(int ef, int k, int count, int accepted) {
    double walkScores = (double) SCORED_PER_KEPT * ef * count / Math.max(1, accepted);
    return accepted <= walkScores
        ? new Scan()
        : new Walk(Math.min(ef, accepted), Math.min(k, accepted), accepted);
  }
}
