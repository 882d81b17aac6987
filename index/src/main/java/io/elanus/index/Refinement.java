package io.elanus.index;

import java.util.Arrays;

/// Rows that were found by codes, best first, on their way to be scored by their vectors, some at a time: as long as the next may be
/// among the best. How far codes are off is seen on the rows that were scored. One search.
final class Refinement {
  private static final int BLOCK_ROWS = 16;

  /// The largest error of so few rows is some two standard deviations; three leave out next to none.
  private static final float MARGIN = 1.5f;

  private final Scorer exact;
  private final RowsAhead ahead;
  private final Neighbors found;
  private final Metric metric;
  private final float[] distances = new float[BLOCK_ROWS];
  private int scored;
  private float error;

  Refinement(Scorer exact, RowsAhead ahead, Neighbors found, Metric metric) {
    this.exact = exact;
    this.ahead = ahead;
    this.found = found;
    this.metric = metric;
  }

  /// Whether a key below `limit` is to be expected among the rows that are left.
  boolean mayBeBelow(long limit) {
    if (scored == found.size()) {
      return false;
    }
    return scored == 0
        || limit == Long.MAX_VALUE
        || !(byCodes(scored) - MARGIN * error > NearKey.distance(limit));
  }

  /// Scores the next rows and offers them to `nearest`.
  void score(NearestRows nearest) {
    int end = Math.min(found.size(), scored + BLOCK_ROWS);
    int[] rows = Arrays.copyOfRange(found.ordinals(), scored, end);
    ahead.ask(rows);
    long begun = ahead.pace().begin();
    exact.score(rows, rows.length, distances);
    ahead.pace().end(begun, rows.length);
    nearest.offer(rows, rows.length, distances, 0);
    for (int i = 0; i < rows.length; i++) {
      error = Math.max(error, Math.abs(distances[i] - byCodes(scored + i)));
    }
    scored = end;
  }

  /// Rows that were.
  int scored() {
    return scored;
  }

  private float byCodes(int number) {
    return metric.distance(found.scores()[number]);
  }
}
