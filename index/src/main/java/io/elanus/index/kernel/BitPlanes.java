package io.elanus.index.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// The values of a query as whole numbers, and the bits of those as [BitKernel] wants them.
public final class BitPlanes {
  private static final int WORD = 64;

  private BitPlanes() {}

  /// Fills `planes` with the bits of the numbers nearest to `(value - low) * perStep`, each from 0 to [BitKernel#TOP].
  ///
  /// @param values a multiple of 64
  /// @return the sum of all numbers
  public static long fill(float[] values, float low, float perStep, long[] planes) {
    return Lanes.FAST
        ? fillByVectors(values, low, perStep, planes)
        : fillOneByOne(values, low, perStep, planes);
  }

  static long fillByVectors(float[] values, float low, float perStep, long[] planes) {
    long sum = 0;
    for (int word = 0; word < values.length / WORD; word++) {
      long ones = 0;
      long twos = 0;
      long fours = 0;
      long eights = 0;
      for (int i = 0; i < WORD; i += Lanes.COUNT) {
        IntVector numbers =
            FloatVector.fromArray(Lanes.SPECIES, values, WORD * word + i)
                .sub(low)
                .mul(perStep)
                .add(0.5f)
                .convertShape(VectorOperators.F2I, NarrowLanes.INTS, 0)
                .reinterpretAsInts()
                .max(0)
                .min(BitKernel.TOP);
        ones |= numbers.and(1).compare(VectorOperators.NE, 0).toLong() << i;
        twos |= numbers.and(2).compare(VectorOperators.NE, 0).toLong() << i;
        fours |= numbers.and(4).compare(VectorOperators.NE, 0).toLong() << i;
        eights |= numbers.and(8).compare(VectorOperators.NE, 0).toLong() << i;
      }
      sum += store(word, ones, twos, fours, eights, planes);
    }
    return sum;
  }

  static long fillOneByOne(float[] values, float low, float perStep, long[] planes) {
    long sum = 0;
    for (int word = 0; word < values.length / WORD; word++) {
      long ones = 0;
      long twos = 0;
      long fours = 0;
      long eights = 0;
      for (int i = 0; i < WORD; i++) {
        float steps = (values[WORD * word + i] - low) * perStep + 0.5f;
        long number = Math.clamp((int) steps, 0, BitKernel.TOP);
        ones |= (number & 1) << i;
        twos |= (number >> 1 & 1) << i;
        fours |= (number >> 2 & 1) << i;
        eights |= (number >> 3) << i;
      }
      sum += store(word, ones, twos, fours, eights, planes);
    }
    return sum;
  }

  private static long store(
      int word, long ones, long twos, long fours, long eights, long[] planes) {
    int plane = BitKernel.PLANES * word;
    planes[plane] = ones;
    planes[plane + 1] = twos;
    planes[plane + 2] = fours;
    planes[plane + 3] = eights;
    return Long.bitCount(ones)
        + 2L * Long.bitCount(twos)
        + 4L * Long.bitCount(fours)
        + 8L * Long.bitCount(eights);
  }
}
