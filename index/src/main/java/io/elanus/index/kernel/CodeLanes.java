package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The byte vector of this machine, and squares of its bytes.
final class CodeLanes {
  static final VectorSpecies<Byte> SPECIES =
      ByteVector.SPECIES_PREFERRED.length() > CodeKernel.ROW_BYTES
          ? ByteVector.SPECIES_512
          : ByteVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
  static final int COUNT = SPECIES.length();

  private static final int CACHE_LINE = 64;

  private CodeLanes() {}

  /// By lane of 16 bits, the squares of its two signed bytes added up.
  static ShortVector squares(ByteVector differences) {
    ShortVector pairs = differences.reinterpretAsShorts();
    ShortVector upper = pairs.lanewise(VectorOperators.ASHR, 8);
    ShortVector lower = pairs.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8);
    return upper.mul(upper).add(lower.mul(lower));
  }

  /// Adds lanes of 16 bits without a sign.
  static IntVector addWidened(IntVector sum, ShortVector lanes) {
    IntVector pairs = lanes.reinterpretAsInts();
    return sum.add(pairs.and(0xffff)).add(pairs.lanewise(VectorOperators.LSHR, 16));
  }

  /// Reads a byte of each cache line of the rows, so that they miss the cache at the same time and not one after the
  /// other: the JVM has no prefetch.
  static void touch(MemorySegment rows, int rowBytes, int[] ordinals, int count) {
    int seen = 0;
    for (int i = 0; i < count; i++) {
      long row = (long) rowBytes * ordinals[i];
      for (int at = 0; at < rowBytes; at += CACHE_LINE) {
        seen |= rows.get(ValueLayout.JAVA_BYTE, row + at);
      }
    }
    if (seen == Integer.MIN_VALUE) {
      throw new IllegalStateException("no byte is that small"); // so that reading is not left out
    }
  }
}
