package io.elanus.index;

import io.elanus.index.kernel.BitKernel;
import io.elanus.index.kernel.BitPlanes;

/// A rotated query in the whole numbers that [BitKernel] multiplies with: value `i` is about `low + step * number[i]`. One thread,
/// reused.
final class BitQuery {
  private final long[] planes;
  private float low;
  private float step;
  private float sum;

  /// @param size values of a query
  BitQuery(int size) {
    this.planes = new long[BitKernel.PLANES * (size / Rotation.WORD)];
  }

  void take(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    low = least;
    step = most > least ? (most - least) / BitKernel.TOP : 1;
    sum = low * values.length + step * BitPlanes.fill(values, low, 1 / step, planes);
  }

  long[] planes() {
    return planes;
  }

  float low() {
    return low;
  }

  float step() {
    return step;
  }

  /// Of all values, as the numbers have them: then their rounding says nothing about rows as a whole.
  float sum() {
    return sum;
  }
}
