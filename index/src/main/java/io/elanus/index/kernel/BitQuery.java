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

  /// Products of the values with `count` rows of which only the signs are known: with the signs it is
  /// `2 (sum of the values whose sign is plus) - sum of all`, and a row's factor makes that of it.
  ///
  /// The sum of all is that of the rounded values: then their rounding says nothing about rows as a whole.
  ///
  /// @param numbers of each row, the product of its bits with the numbers
  /// @param counts of each row, the factor times the number of bits that are set
  void estimate(int[] numbers, float[] factors, float[] counts, int count, float[] out) {
    float twoSteps = 2 * step;
    float twoLows = 2 * low;
    for (int i = 0; i < count; i++) {
      out[i] = factors[i] * (twoSteps * numbers[i] - sum) + twoLows * counts[i];
    }
  }
}
