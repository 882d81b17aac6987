package io.elanus.index.kernel;

/// A rotated query in the whole numbers that a [BitKernel] multiplies with: value `i` is about `low + step * number[i]`. One thread,
/// reused.
public final class BitQuery {
  final long[] planes;
  float twoSteps;
  float twoLows;

  /// Of the rounded values: then their rounding says nothing about rows as a whole.
  float sum;

  /// @param size values of a query, a multiple of 64
  public BitQuery(int size) {
    this.planes = new long[BitKernel.PLANES * (size / Long.SIZE)];
  }

  public void take(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    float step = most > least ? (most - least) / BitKernel.TOP : 1;
    sum = least * values.length + step * BitPlanes.fill(values, least, 1 / step, planes);
    twoSteps = 2 * step;
    twoLows = 2 * least;
  }
}
