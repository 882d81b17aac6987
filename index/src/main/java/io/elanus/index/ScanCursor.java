package io.elanus.index;

/// Rows that were all scored before the first was given. One thread.
final class ScanCursor implements NeighborCursor {
  private final Frontier rows;
  private final Metric metric;

  /// @param rows all that are accepted
  ScanCursor(Frontier rows, Metric metric) {
    this.rows = rows;
    this.metric = metric;
  }

  @Override
  public Neighbors next(int n) {
    Checks.require(n >= 1, "n %d is below 1", n);
    return rows.take(n, metric);
  }
}
