package io.elanus.bench.measure;

import java.util.List;
import java.util.OptionalDouble;

/// How fast something searches at which recall.
///
/// - `points`: by rising effort.
public record Curve(List<Point> points) {
  /// Recall 1 has no logarithm of what is missed; less than this is not told apart from it.
  private static final double LEAST_MISSED = 1e-5;

  public Curve {
    points = List.copyOf(points);
  }

  /// - `recall`: in [0, 1]. `rate`: queries a second, > 0.
  public record Point(double recall, double rate) {}

  /// Queries a second at `recall`, or at the least effort where that finds more already. Between two points, it lies on
  /// the line of the logarithm of the rate over that of what is missed. Empty where no effort found as much: nothing is
  /// guessed beyond what was measured.
  public OptionalDouble rateAt(double recall) {
    for (int i = 0; i < points.size(); i++) {
      Point after = points.get(i);
      if (recall <= after.recall) {
        return OptionalDouble.of(i == 0 ? after.rate : between(points.get(i - 1), after, recall));
      }
    }
    return OptionalDouble.empty();
  }

  private static double between(Point before, Point after, double recall) {
    double start = missed(before.recall);
    double part = (missed(recall) - start) / (missed(after.recall) - start);
    return Math.exp((1 - part) * Math.log(before.rate) + part * Math.log(after.rate));
  }

  private static double missed(double recall) {
    return Math.log(Math.max(LEAST_MISSED, 1 - recall));
  }
}
