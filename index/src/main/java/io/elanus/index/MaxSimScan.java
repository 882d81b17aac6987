package io.elanus.index;

/// Scores rows by all vectors of their lists: the distance of a row is the sum, over the vectors of the query, of the
/// distance of the nearest vector that the row has. A row without vectors has no distance and is left out.
///
/// ```
/// query  q r      row  a b      distances  q: a 3, b 1     r: a 2, b 5      1 + 2 = 3
/// ```
///
/// Vectors of several rows are scored together, as many as stay in the cache while all vectors of the query look at
/// them. One search; one thread.
final class MaxSimScan {
  private static final int BLOCK_ROWS = 256;
  private static final int BLOCK_VECTORS = 1024;

  private final VectorLists lists;
  private final ListQuery query;
  private final NearestRows nearest;

  private final int[] rows = new int[BLOCK_ROWS];
  private final int[] ends = new int[BLOCK_ROWS];
  private final float[] sums = new float[BLOCK_ROWS];
  private int rowCount;

  private int[] vectors = new int[BLOCK_VECTORS];
  private int vectorCount;

  private MaxSimScan(VectorLists lists, ListQuery query, int k) {
    this.lists = lists;
    this.query = query;
    this.nearest = new NearestRows(k);
  }

  /// The nearest `k` accepted rows, or all that have vectors when they are fewer.
  ///
  /// @param metric what makes scores of distances
  static Neighbors nearest(
      VectorLists lists, ListQuery query, int k, AcceptedRows accepted, Metric metric) {
    Checks.require(k >= 1, "k %d is below 1", k);
    int wanted = Math.min(k, accepted.cardinality(lists.count()));
    if (wanted == 0) {
      return Neighbors.NONE;
    }
    MaxSimScan scan = new MaxSimScan(lists, query, wanted);
    int[] some = new int[1024];
    AcceptedCursor cursor = new AcceptedCursor(accepted, lists.count());
    for (int size = cursor.next(some); size > 0; size = cursor.next(some)) {
      scan.add(some, size);
    }
    return scan.end(wanted, metric);
  }

  /// The nearest `k` of `rows`.
  static Neighbors nearest(VectorLists lists, ListQuery query, int k, int[] rows, Metric metric) {
    MaxSimScan scan = new MaxSimScan(lists, query, Math.clamp(rows.length, 1, k));
    scan.add(rows, rows.length);
    return scan.end(k, metric);
  }

  private void add(int[] some, int size) {
    for (int i = 0; i < size; i++) {
      add(some[i]);
    }
  }

  private void add(int row) {
    int start = lists.start(row);
    int length = lists.end(row) - start;
    if (length == 0) {
      return;
    }
    if (rowCount == BLOCK_ROWS || vectorCount + length > vectors.length) {
      score();
    }
    if (length > vectors.length) {
      vectors = new int[length];
    }
    for (int i = 0; i < length; i++) {
      vectors[vectorCount++] = start + i;
    }
    rows[rowCount] = row;
    ends[rowCount] = vectorCount;
    sums[rowCount++] = 0;
  }

  private void score() {
    if (vectorCount > 0) {
      query.score(vectors, vectorCount, this::addNearest);
    }
    for (int i = 0; i < rowCount; i++) {
      nearest.offer(NearKey.of(sums[i], rows[i]));
    }
    rowCount = 0;
    vectorCount = 0;
  }

  private void addNearest(float[] distances, int from) {
    int at = from;
    for (int i = 0; i < rowCount; i++) {
      float least = distances[at];
      for (at++; at < from + ends[i]; at++) {
        least = Math.min(least, distances[at]);
      }
      sums[i] += least;
    }
  }

  private Neighbors end(int k, Metric metric) {
    score();
    return nearest.nearest(k, metric);
  }
}
