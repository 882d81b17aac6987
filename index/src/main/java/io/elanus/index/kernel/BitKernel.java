package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Products of rows of bits with a query of small whole numbers: the sum of those of the query's numbers whose bit is set.
///
/// Rows lie in groups of [#GROUP]: first the first 64 bits of each, then the next 64 of each, so that a vector holds the
/// same bits of all rows of a group, and counting needs no sum over its lanes (Gou and others, SymphonyQG, 2025).
///
/// ```
/// group    u64[words][GROUP]    bits 0 to 63 of row 0, of row 1, ...; bits 64 to 127 of row 0, ...
/// query    u64[words][PLANES]   the lowest bits of numbers 0 to 63, their next ones, ...; those of numbers 64 to 127, ...
/// ```
/// Holds no state besides its rows; any number of threads may use it.
public final class BitKernel {
  /// Rows of a group.
  public static final int GROUP = 8;

  /// Bits of a number of a query.
  public static final int PLANES = 4;

  /// The largest number of a query.
  public static final int TOP = (1 << PLANES) - 1;

  private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_512;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment groups;
  private final int words;
  private final boolean vectors;

  /// @param words of 64 bits that a row has
  public BitKernel(MemorySegment groups, int words) {
    this(groups, words, LongVector.SPECIES_PREFERRED.length() >= GROUP && groups.isNative());
  }

  BitKernel(MemorySegment groups, int words, boolean vectors) {
    this.groups = NativeRows.plain(groups);
    this.words = words;
    this.vectors = vectors;
  }

  /// Bytes of a group of rows.
  public static int groupBytes(int words) {
    return Long.BYTES * GROUP * words;
  }

  /// `out[GROUP * i + r]` becomes the product of row `r` of the `i`-th group from byte `start` on, for `i < count`.
  public void products(long[] query, long start, int count, int[] out) {
    if (vectors) {
      countVectors(query, start, count, out);
    } else {
      countWords(query, start, count, out);
    }
  }

  private void countVectors(long[] query, long start, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      long at = start + (long) groupBytes(words) * i;
      LongVector ones = LongVector.zero(SPECIES);
      LongVector twos = LongVector.zero(SPECIES);
      LongVector fours = LongVector.zero(SPECIES);
      LongVector eights = LongVector.zero(SPECIES);
      for (int w = 0; w < words; w++) {
        LongVector bits =
            LongVector.fromMemorySegment(SPECIES, groups, at + w * 64L, ByteOrder.LITTLE_ENDIAN);
        int plane = PLANES * w;
        ones = ones.add(bits.and(query[plane]).lanewise(VectorOperators.BIT_COUNT));
        twos = twos.add(bits.and(query[plane + 1]).lanewise(VectorOperators.BIT_COUNT));
        fours = fours.add(bits.and(query[plane + 2]).lanewise(VectorOperators.BIT_COUNT));
        eights = eights.add(bits.and(query[plane + 3]).lanewise(VectorOperators.BIT_COUNT));
      }
      ones.add(twos.lanewise(VectorOperators.LSHL, 1))
          .add(fours.lanewise(VectorOperators.LSHL, 2))
          .add(eights.lanewise(VectorOperators.LSHL, 3))
          .convertShape(VectorOperators.L2I, IntVector.SPECIES_256, 0)
          .reinterpretAsInts()
          .intoArray(out, GROUP * i);
    }
  }

  private void countWords(long[] query, long start, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      long at = start + (long) groupBytes(words) * i;
      for (int r = 0; r < GROUP; r++) {
        int sum = 0;
        for (int w = 0; w < words; w++) {
          long bits = groups.get(LONG, at + Long.BYTES * (long) (GROUP * w + r));
          for (int plane = 0; plane < PLANES; plane++) {
            sum += Long.bitCount(bits & query[PLANES * w + plane]) << plane;
          }
        }
        out[GROUP * i + r] = sum;
      }
    }
  }
}
