package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Estimates from rows of which only the signs are known, and from a query of small whole numbers.
///
/// The product of the signs with the query is `2 (sum of the query's values whose bit is set) - sum of all`, and a row's factor makes an
/// estimate of that. Rows lie in groups of [#GROUP]: first the first 64 bits of each, then the next 64 of each, so that a vector holds the
/// same bits of all rows of a group, and counting needs no sum over its lanes (Gou and others, SymphonyQG, 2025).
///
/// ```
/// bits     u64[groups][words][GROUP]  bits 0 to 63 of row 0, of row 1, ...; bits 64 to 127 of row 0, ...
/// adds     f32[rows]                  the part of the result that has nothing to do with the query
/// factors  f32[rows]
/// counts   f32[rows]                  the factor times the number of set bits
/// query    u64[words][PLANES]         the lowest bits of numbers 0 to 63, their next ones, ...; those of numbers 64 to 127, ...
/// ```
/// Holds no state besides where rows are; any number of threads may use it.
public final class BitKernel {
  /// Rows of a group.
  public static final int GROUP = 8;

  /// Bits of a number of a query.
  public static final int PLANES = 4;

  /// The largest number of a query.
  public static final int TOP = (1 << PLANES) - 1;

  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);

  private final MemorySegment file;
  private final int words;
  private final boolean vectors;

  /// @param file where bits and columns are
  /// @param words of 64 bits that a row has
  public BitKernel(MemorySegment file, int words) {
    this(file, words, LongVector.SPECIES_PREFERRED.length() >= GROUP && file.isNative());
  }

  BitKernel(MemorySegment file, int words, boolean vectors) {
    this.file = NativeRows.plain(file);
    this.words = words;
    this.vectors = vectors;
  }

  /// Bytes of a group of rows.
  public static int groupBytes(int words) {
    return Long.BYTES * GROUP * words;
  }

  /// `out[i]` becomes what `rows` says, for all rows of `groups` groups.
  public void estimate(BitQuery query, BitRows rows, int groups, float[] out) {
    if (vectors) {
      estimateGroups(query, rows, groups, out);
    } else {
      estimateRows(query, rows, groups, out);
    }
  }

  private void estimateGroups(BitQuery query, BitRows rows, int groups, float[] out) {
    long[] planes = query.planes;
    long column = rows.column;
    float base = rows.base;
    float addWeight = rows.addWeight;
    float weight = rows.weight;
    for (int i = 0; i < groups; i++) {
      long at = rows.bits + (long) groupBytes(words) * i;
      LongVector ones = LongVector.zero(LONGS);
      LongVector twos = LongVector.zero(LONGS);
      LongVector fours = LongVector.zero(LONGS);
      LongVector eights = LongVector.zero(LONGS);
      for (int w = 0; w < words; w++) {
        LongVector bits = LongVector.fromMemorySegment(LONGS, file, at + w * 64L, ORDER);
        int plane = PLANES * w;
        ones = ones.add(bits.and(planes[plane]).lanewise(VectorOperators.BIT_COUNT));
        twos = twos.add(bits.and(planes[plane + 1]).lanewise(VectorOperators.BIT_COUNT));
        fours = fours.add(bits.and(planes[plane + 2]).lanewise(VectorOperators.BIT_COUNT));
        eights = eights.add(bits.and(planes[plane + 3]).lanewise(VectorOperators.BIT_COUNT));
      }
      FloatVector products =
          ones.add(twos.lanewise(VectorOperators.LSHL, 1))
              .add(fours.lanewise(VectorOperators.LSHL, 2))
              .add(eights.lanewise(VectorOperators.LSHL, 3))
              .convertShape(VectorOperators.L2F, FLOATS, 0)
              .reinterpretAsFloats();
      long first = rows.adds + Float.BYTES * (long) GROUP * i;
      FloatVector adds = FloatVector.fromMemorySegment(FLOATS, file, first, ORDER);
      FloatVector factors = FloatVector.fromMemorySegment(FLOATS, file, first + column, ORDER);
      FloatVector counts = FloatVector.fromMemorySegment(FLOATS, file, first + 2 * column, ORDER);
      FloatVector estimates =
          factors.mul(products.mul(query.twoSteps).sub(query.sum)).add(counts.mul(query.twoLows));
      adds.mul(addWeight).add(base).add(estimates.mul(weight)).intoArray(out, GROUP * i);
    }
  }

  private void estimateRows(BitQuery query, BitRows rows, int groups, float[] out) {
    for (int row = 0; row < GROUP * groups; row++) {
      long at = rows.adds + Float.BYTES * (long) row;
      float factor = file.get(FLOAT, at + rows.column);
      float count = file.get(FLOAT, at + 2 * rows.column);
      float product = product(query.planes, rows.bits, row);
      float estimate = factor * (product * query.twoSteps - query.sum) + count * query.twoLows;
      out[row] = file.get(FLOAT, at) * rows.addWeight + rows.base + estimate * rows.weight;
    }
  }

  /// Of the bits of a row with the query's numbers.
  private int product(long[] planes, long bits, int row) {
    long group = bits + (long) groupBytes(words) * (row / GROUP);
    int sum = 0;
    for (int w = 0; w < words; w++) {
      long word = file.get(LONG, group + Long.BYTES * (long) (GROUP * w + row % GROUP));
      for (int plane = 0; plane < PLANES; plane++) {
        sum += Long.bitCount(word & planes[PLANES * w + plane]) << plane;
      }
    }
    return sum;
  }
}
