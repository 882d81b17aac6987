package io.elanus.index;

/// How one search of a graph index is carried out.
sealed interface SearchPlan {
  /// What a walk costs for each accepted row it keeps, in rows of a scan, when all rows are
  /// accepted. Measured on SIFT at m 16, ef 16 to 256: it scores 6 to 16 rows for each row kept,
  /// and a row met on a walk costs as much as 3 to 5 rows of a scan, being far from the last one in
  /// memory. The scan gets the benefit of the doubt, as it misses nothing.
  int SCANNED_PER_KEPT = 32;

  /// Accepted rows that a walk with a filter looks for: among some more than are wanted nearly all of the nearest are.
  int KEPT_PER_WANTED = 2;

  /// Score the accepted rows.
  record Scan() implements SearchPlan {}

  /// Walk the graph keeping the nearest `ef`, of which the first `wanted` are the result. With a filter the walk goes on until there
  /// are `keep` accepted rows, too ([FilteredRows]), unless it turns out to be the wrong way: a filtered walk is given up for
  /// a scan, so that no search costs more than a few scans, however badly filter and graph fit.
  ///
  /// @param budget rows that a walk scores at most
  /// @param share of the rows that is accepted
  record Walk(int ef, int keep, int wanted, int budget, double share) implements SearchPlan {
    /// Of what a walk keeps, the part on which it does not give up although all it meets is worse than what is wanted: near rows may
    /// lie behind.
    private static final int LEAST_PART = 2;

    /// Of the budget, the part after which it is seen whether accepted rows are near at all.
    private static final int PROBE_PART = 32;

    /// Where the accepted rows among those met are fewer than this part of what chance would have, they are elsewhere.
    private static final int FEW_PART = 4;

    /// What chance would have among the rows met, before that says anything: with less, a quarter of it would often be missed by chance.
    private static final int LEAST_EXPECTED = 10;

    int least() {
      return Math.max(1, ef / LEAST_PART);
    }

    /// Whether a scan is the better way: the walk has cost as much as planned, or meets far fewer accepted rows than there are, as those
    /// are elsewhere.
    ///
    /// @param cost in rows scored
    /// @param hits accepted ones among the rows met
    boolean isHopeless(int cost, int met, int hits) {
      double expected = met * share;
      boolean elsewhere = expected >= LEAST_EXPECTED && hits < expected / FEW_PART;
      return cost > budget || cost > budget / PROBE_PART && elsewhere;
    }
  }

  /// Decides for the `k` nearest of the accepted among `count` rows.
  static SearchPlan of(SearchParams params, int k, int count, AcceptedRows accepted) {
    return of(params, k, k, k, count, accepted);
  }

  /// As above, over codes.
  ///
  /// @param candidates a walk keeps at least so many
  /// @param refined so many of them are scored anew
  static SearchPlan of(
      SearchParams params, int k, int candidates, int refined, int count, AcceptedRows accepted) {
    int matching = accepted.cardinality(count);
    return switch (params) {
      case SearchParams.Exact _ -> new Scan();
      case SearchParams.Ivf _, SearchParams.Sparse _, SearchParams.Bands _ ->
          of(Math.max(SearchParams.Hnsw.DEFAULT_EF, candidates), k, refined, count, matching);
      case SearchParams.Hnsw(int ef, float _) ->
          of(Math.max(ef, candidates), k, refined, count, matching);
      case SearchParams.Walk(int ef) ->
          matching == 0
              ? new Scan()
              : walk(
                  Math.max(ef, candidates),
                  Math.max(ef, candidates),
                  k,
                  Integer.MAX_VALUE,
                  count,
                  matching);
    };
  }

  /// A scan costs the accepted rows. A walk meets `count / matching` rows for each of those that it keeps.
  private static SearchPlan of(int ef, int k, int refined, int count, int matching) {
    int keep = (int) Math.min(ef, Math.max((long) KEPT_PER_WANTED * k, refined));
    double met = Math.max(ef, (double) keep * count / Math.max(1, matching));
    return matching <= SCANNED_PER_KEPT * met
        ? new Scan()
        : walk(ef, keep, k, matching / 2, count, matching);
  }

  private static Walk walk(int ef, int keep, int k, int budget, int count, int matching) {
    return new Walk(
        Math.min(ef, count),
        Math.min(keep, matching),
        Math.min(k, matching),
        budget,
        (double) matching / count);
  }
}
