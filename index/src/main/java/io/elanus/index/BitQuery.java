package io.elanus.index;

import io.elanus.index.kernel.BitKernel;

/// A rotated query in the whole numbers that [BitKernel] multiplies with: value `i` is about `low + step * number[i]`. One thread,
/// reused.
final class BitQuery {
  private final long[] planes;
  private float low;
  private float step;
  private float sum;

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
    float perStep = 1 / step;
    long numbers = 0;
    for (int word = 0; word < values.length / Rotation.WORD; word++) {
      numbers += takeWord(values, word, perStep);
    }
    sum = low * values.length + step * numbers;
  }

  /// @return the sum of the word's numbers
  private long takeWord(float[] values, int word, float perStep) {
    long sum = 0;
    long ones = 0;
    long twos = 0;
    long fours = 0;
    long eights = 0;
    for (int i = 0; i < Rotation.WORD; i++) {
      float steps = (values[Rotation.WORD * word + i] - low) * perStep;
      long number = Math.clamp((int) (steps + 0.5f), 0, BitKernel.TOP);
      sum += number;
      ones |= (number & 1) << i;
      twos |= (number >> 1 & 1) << i;
      fours |= (number >> 2 & 1) << i;
      eights |= (number >> 3) << i;
    }
    int plane = BitKernel.PLANES * word;
    planes[plane] = ones;
    planes[plane + 1] = twos;
    planes[plane + 2] = fours;
    planes[plane + 3] = eights;
    return sum;
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
