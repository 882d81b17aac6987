package io.elanus.index;

/// Exact search of MinHash signatures: every accepted row is compared with the query, and those that share no band with it are not
/// found. Immutable.
public record MinHashScan(Signatures signatures) {
  private static final int BLOCK_ROWS = 1024;

  /// The most alike `k` accepted rows of those that share a band with `query`, which has as many bytes as a row: fewer when there
  /// are no more.
  public Neighbors search(byte[] query, int k, Likeness likeness, AcceptedRows accepted) {
    Checks.require(k >= 1, "k %d is below 1", k);
    SignatureQuery search = new SignatureQuery(signatures, query, likeness);
    int wanted = Math.min(k, accepted.cardinality(signatures.count()));
    if (wanted == 0) {
      return Neighbors.NONE;
    }
    NearestRows nearest = new NearestRows(wanted);
    int[] rows = new int[BLOCK_ROWS];
    int[] equal = new int[BLOCK_ROWS];
    AcceptedCursor cursor = new AcceptedCursor(accepted, signatures.count());
    for (int size = cursor.next(rows); size > 0; size = cursor.next(rows)) {
      search.offer(rows, size, equal, nearest);
    }
    return nearest.nearest(wanted, Metric.INNER_PRODUCT);
  }
}
