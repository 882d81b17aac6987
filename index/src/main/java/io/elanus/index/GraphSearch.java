package io.elanus.index;

/// Finds near rows along the links of a graph. Any number of threads may search.
sealed interface GraphSearch permits LinkSearch, LinkedBitsSearch {
  /// How many rows a walk keeps at least for the `k` best.
  ///
  /// @param refine rows to be scored anew for each one wanted, as far as rows are scored anew at all
  int candidates(int k, float refine);

  /// The nearest `k` of the accepted rows that a walk meets, with the scores of their vectors; fewer than are wanted when the walk
  /// was given up.
  Neighbors nearest(
      float[] query, int k, SearchPlan.Walk plan, float refine, AcceptedRows accepted);
}
