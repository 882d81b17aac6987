package io.elanus.index;

/// How one search of a graph index is carried out.
sealed interface SearchPlan {
  /// What a walk costs for each accepted row it keeps, in rows of a scan, when all rows are
  /// accepted. Measured on SIFT at m 16, ef 16 to 256: it scores 6 to 16 rows for each row kept,
  /// and a row met on a walk costs as much as 3 to 5 rows of a scan, being far from the last one in
  /// memory. The scan gets the benefit of the doubt, as it misses nothing.
  int SCANNED_PER_KEPT = 32;

  /// Score the accepted rows.
  record Scan() implements SearchPlan {}

  /// Walk the graph keeping the nearest `ef`, of which the first `wanted` are the result. A
  /// filtered walk that has scored `budget` rows and is not at its end is given up for a scan, so
  /// that no search costs more than a few scans, however badly filter and graph fit.
  record Walk(int ef, int wanted, int budget) implements SearchPlan {
    /// Of what a walk keeps, the part on which it does not give up although all it meets is worse than what is wanted: near rows may
    /// lie behind.
    private static final int LEAST_PART = 4;

    int least() {
      return Math.max(1, ef / LEAST_PART);
    }
  }

  /// Decides for the `k` nearest of the accepted among `count` rows.
  static SearchPlan of(SearchParams params, int k, int count, AcceptedRows accepted) {
    return of(params, k, k, count, accepted);
  }

  /// As above, keeping at least so many `candidates`.
  static SearchPlan of(
      SearchParams params, int k, int candidates, int count, AcceptedRows accepted) {
    return switch (params) {
      case SearchParams.Exact _ -> new Scan();
      case SearchParams.Ivf _, SearchParams.Sparse _, SearchParams.Bands _ ->
          of(
              Math.max(SearchParams.Hnsw.DEFAULT_EF, candidates),
              k,
              count,
              accepted.cardinality(count));
      case SearchParams.Hnsw(int ef, float _) ->
          of(Math.max(ef, candidates), k, count, accepted.cardinality(count));
      case SearchParams.Walk(int ef) ->
          accepted.cardinality(count) == 0
              ? new Scan()
              : walk(Math.max(ef, candidates), k, accepted.cardinality(count), Integer.MAX_VALUE);
    };
  }

  /// A scan costs `accepted`. A walk meets `count / accepted` rows for each that it may keep.
  private static SearchPlan of(int ef, int k, int count, int accepted) {
    double walkCost = (double) SCANNED_PER_KEPT * ef * count / Math.max(1, accepted);
    return accepted <= walkCost ? new Scan() : walk(ef, k, accepted, accepted / 2);
  }

  private static Walk walk(int ef, int k, int accepted, int budget) {
    return new Walk(Math.min(ef, accepted), Math.min(k, accepted), budget);
  }
}
