package io.elanus.index;

/// A cursor that may end before all accepted rows were given; then the others are scanned. One thread.
final class CursorThenScan implements NeighborCursor {
  private final ExactScan scan;
  private final float[] query;
  private final AcceptedRows accepted;
  private final RowSet given;
  private NeighborCursor cursor;
  private boolean scans;

  CursorThenScan(NeighborCursor first, ExactScan scan, float[] query, AcceptedRows accepted) {
    this.cursor = first;
    this.scan = scan;
    this.query = query;
    this.accepted = accepted;
    this.given = new RowSet(scan.distances().count());
  }

  @Override
  public Neighbors next(int n) {
    Neighbors next = cursor.next(n);
    if (scans) {
      return next;
    }
    given.addAll(next.ordinals());
    if (next.size() == n) {
      return next;
    }
    scans = true;
    cursor = scan.cursor(query, given.leftOf(accepted, scan.distances().count()));
    return next.and(cursor.next(n - next.size()), scan.distances().metric());
  }
}
