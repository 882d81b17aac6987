package io.elanus.index;

import java.util.Optional;

/// Finds near rows along the links of a graph. Any number of threads may search.
sealed interface GraphSearch permits LinkSearch, LinkedBitsSearch {
  /// How many rows a walk keeps at least for the `k` best.
  ///
  /// @param refine rows to be scored anew for each one wanted, as far as rows are scored anew at all
  int candidates(int k, float refine);

  /// How many of them are scored anew for the `k` best; `k` where rows are scored by their vectors as the walk goes.
  int refined(int k, float refine);

  /// The nearest `k` of the accepted rows that a walk meets, with the scores of their vectors. Empty when the walk was given up.
  ///
  /// @param limit keys from this one on are not wanted
  /// @param work is told what is done for it
  Optional<Neighbors> nearest(
      float[] query,
      int k,
      SearchPlan.Walk plan,
      float refine,
      AcceptedRows accepted,
      long limit,
      SearchWork work);
}
