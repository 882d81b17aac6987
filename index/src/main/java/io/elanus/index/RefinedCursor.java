package io.elanus.index;

/// Rows in the order of their vectors, of a cursor that goes by their codes: each time it looks so far ahead that the next are among
/// those scored by their vectors. One thread.
final class RefinedCursor implements NeighborCursor {
  /// Of a stretch, however short: the errors of codes do not shrink with it.
  private static final int LEAST = 16;

  private final NeighborCursor byCodes;
  private final ExactScan scan;
  private final Scorer exact;
  private final Quantization quantization;
  private final float refine;
  private final Frontier scored = new Frontier();
  private boolean ended;

  /// @param refine rows to be scored for each one wanted, as far as that is more than the codes need
  RefinedCursor(
      NeighborCursor byCodes,
      ExactScan scan,
      float[] query,
      Quantization quantization,
      float refine) {
    this.byCodes = byCodes;
    this.scan = scan;
    this.exact = scan.distances().from(query);
    this.quantization = quantization;
    this.refine = refine;
  }

  @Override
  public Neighbors next(int n) {
    Checks.require(n >= 1, "n %d is below 1", n);
    int wanted = quantization.refined(Math.max(n, LEAST), refine);
    if (!ended && scored.size() < wanted) {
      int asked = Math.min(wanted - scored.size(), scan.distances().count());
      Neighbors more = byCodes.next(Math.max(1, asked));
      ended = more.size() < asked;
      score(more.ordinals());
    }
    return scored.take(n, scan.distances().metric());
  }

  private void score(int[] rows) {
    float[] distances = new float[rows.length];
    scan.ahead().ask(rows);
    exact.score(rows, rows.length, distances);
    for (int i = 0; i < rows.length; i++) {
      scored.add(NearKey.of(distances[i], rows[i]));
    }
  }
}
