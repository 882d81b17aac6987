package io.elanus.bench.measure;

import java.util.Collection;
import java.util.stream.DoubleStream;

/// What stands in the middle: of an even number the lower of the two, so that it was measured.
public final class Median {
  private Median() {}

  public static double of(Collection<Double> values) {
    return of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /// Not a number when there are none.
  public static double of(double... values) {
    return DoubleStream.of(values)
        .sorted()
        .skip(Math.max(0, (values.length - 1) / 2))
        .findFirst()
        .orElse(Double.NaN);
  }
}
