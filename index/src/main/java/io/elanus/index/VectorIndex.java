package io.elanus.index;

import java.util.ArrayList;
import java.util.List;

/// Finds the nearest of `count` vectors. Immutable; any number of threads may search at once.
public sealed interface VectorIndex permits FlatIndex, HnswIndex, NarrowIndex {
  int count();

  int dimension();

  Metric metric();

  /// The nearest `k` accepted rows, or all accepted rows when they are fewer: a result is shorter
  /// than `k` only if less than `k` rows are accepted.
  ///
  /// `query` has `dimension()` values and `k` >= 1, else IllegalArgumentException.
  Neighbors search(float[] query, int k, SearchParams params, AcceptedRows accepted);

  /// Answers many queries, in their order, each exactly as `search` would. An index that scans
  /// reads its rows once for all of them.
  default List<Neighbors> searchBatch(
      List<float[]> queries, int k, SearchParams params, AcceptedRows accepted) {
    List<Neighbors> results = new ArrayList<>(queries.size());
    for (float[] query : queries) {
      results.add(search(query, k, params, accepted));
    }
    return results;
  }
}
