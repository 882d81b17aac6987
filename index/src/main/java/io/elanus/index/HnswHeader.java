package io.elanus.index;

/// What the first bytes of an HNSW file say, and where the rest of the file is; see [HnswFormat].
///
/// - `entry`: the row where every walk starts, the first of those on the highest level; -1 when
///   there are no rows.
/// - `topLevel`: the level of the entry.
/// - `upperLists`: link lists above level 0, the sum of all rows' levels.
record HnswHeader(
    Metric metric,
    int dimension,
    int count,
    int m,
    int efConstruction,
    long seed,
    int entry,
    int topLevel,
    int upperLists) {

  static final int BYTES = 64;
  private static final int ALIGNMENT = 64;
  private static final int CHECKSUM_BYTES = 4;

  /// Links a row can have on `level`.
  int degree(int level) {
    return level == 0 ? 2 * m : m;
  }

  long baseStart() {
    return BYTES;
  }

  long slotsStart() {
    return align(baseStart() + 4L * degree(0) * count);
  }

  long upperStart() {
    return align(slotsStart() + 4L * count);
  }

  long normsStart() {
    return align(upperStart() + 4L * m * upperLists);
  }

  long normsBytes() {
    return metric == Metric.COSINE ? 4L * count : 0;
  }

  long checksumStart() {
    return align(normsStart() + normsBytes());
  }

  long fileBytes() {
    return checksumStart() + CHECKSUM_BYTES;
  }

  private static long align(long offset) {
    return (offset + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
