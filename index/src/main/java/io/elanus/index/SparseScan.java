package io.elanus.index;

/// Exact search of sparse vectors by inner product: every accepted row is scored, and those that have nothing in
/// common with the query are not found. Immutable.
public record SparseScan(SparseVectors vectors) {
  /// The nearest `k` accepted rows whose inner product with `query` is above 0: fewer when there are no more.
  public Neighbors search(byte[] query, int k, AcceptedRows accepted) {
    return nearest(SparseQuery.of(query), k, accepted);
  }

  Neighbors nearest(SparseQuery query, int k, AcceptedRows accepted) {
    Checks.require(k >= 1, "k %d is below 1", k);
    int wanted = Math.min(k, accepted.cardinality(vectors.count()));
    if (wanted == 0) {
      return Neighbors.NONE;
    }
    NearestRows nearest = new NearestRows(wanted);
    int[] ordinals = new int[1024];
    AcceptedCursor cursor = new AcceptedCursor(accepted, vectors.count());
    for (int size = cursor.next(ordinals); size > 0; size = cursor.next(ordinals)) {
      for (int i = 0; i < size; i++) {
        float product = query.product(vectors, ordinals[i]);
        if (product > 0) {
          nearest.offer(NearKey.of(0f - product, ordinals[i]));
        }
      }
    }
    return nearest.nearest(wanted, Metric.INNER_PRODUCT);
  }
}
