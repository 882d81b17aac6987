package io.elanus.index;

import java.util.Arrays;
import java.util.List;

/// Finds the rows whose lists of vectors are most like a list of vectors: a row's score is the sum, over the vectors of the
/// query, of the best score that one of its own has (MaxSim; Khattab and Zaharia, ColBERT, 2020). Immutable; any number of
/// threads may search.
///
/// Any [VectorIndex] over the vectors of all rows will do: the rows of those that are nearest to each vector of the query
/// are scored by all their vectors. A row without vectors is never found.
public final class ListIndex {
  /// Vectors looked for near each vector of a query, for each row wanted: several of the nearest are of one row. As
  /// knowhere's `retrieval_ann_ratio`.
  private static final int VECTORS_PER_ROW = 3;

  /// So many times as many vectors, when those found were of less rows than wanted.
  private static final int MORE = 4;

  private final VectorIndex index;
  private final Distances distances;
  private final VectorLists lists;

  /// @param index over `vectors`
  /// @param vectors of all rows, as `lists` has them
  public ListIndex(VectorIndex index, DenseVectors vectors, VectorLists lists) {
    Checks.require(
        lists.vectorCount() == vectors.count() && index.count() == vectors.count(),
        "%d vectors in lists, %d of them, %d in the index",
        lists.vectorCount(),
        vectors.count(),
        index.count());
    this.index = index;
    this.distances = Distances.of(vectors, index.metric());
    this.lists = lists;
  }

  /// For each query, a list of vectors, the nearest `k` accepted rows, or all accepted rows that have vectors when they are
  /// fewer.
  ///
  /// A query has at least one vector, each vector the dimension of the index, and `k` >= 1, else IllegalArgumentException.
  public List<Neighbors> searchBatch(
      List<List<float[]>> queries, int k, SearchParams params, AcceptedRows accepted) {
    AcceptedRows vectors = lists.vectorsOf(accepted);
    return queries.stream().map(query -> search(query, k, params, accepted, vectors)).toList();
  }

  /// Looks at more and more vectors until they are of `k` rows. Once they could be of all accepted rows, these are
  /// scored instead: that costs no more and misses none.
  private Neighbors search(
      List<float[]> query,
      int k,
      SearchParams params,
      AcceptedRows accepted,
      AcceptedRows vectors) {
    Checks.require(k >= 1, "k %d is below 1", k);
    Checks.require(!query.isEmpty(), "a query without vectors");
    ListQuery scorer = new DenseListQuery(distances, query);
    long accessible = accepted.cardinality(lists.count());
    for (long near = near(k, params); near * query.size() < accessible; near *= MORE) {
      int[] rows = rowsNear(query, (int) near, params, vectors);
      if (rows.length >= k) {
        return MaxSimScan.nearest(lists, scorer, k, rows, index.metric());
      }
    }
    return MaxSimScan.nearest(lists, scorer, k, accepted, index.metric());
  }

  /// How many vectors to look for near each of a query.
  private long near(int k, SearchParams params) {
    if (index instanceof FlatIndex) {
      return Integer.MAX_VALUE;
    }
    return switch (params) {
      case SearchParams.Exact _ -> Integer.MAX_VALUE;
      case SearchParams.Hnsw(int ef, float _) -> Math.max(ef, (long) VECTORS_PER_ROW * k);
      case SearchParams.Walk(int ef) -> Math.max(ef, (long) VECTORS_PER_ROW * k);
      case SearchParams.Ivf _, SearchParams.Sparse _, SearchParams.Bands _ ->
          Math.max(SearchParams.Hnsw.DEFAULT_EF, (long) VECTORS_PER_ROW * k);
    };
  }

  /// The rows of the accepted `vectors` nearest to each of `query`, ascending.
  private int[] rowsNear(List<float[]> query, int near, SearchParams params, AcceptedRows vectors) {
    return index.searchBatch(query, near, params, vectors).stream()
        .flatMapToInt(found -> Arrays.stream(found.ordinals()))
        .map(lists::row)
        .sorted()
        .distinct()
        .toArray();
  }
}
