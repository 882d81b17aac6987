package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// `count` float32 vectors of `dimension` values: row-major, little-endian, without gaps, in one
/// memory segment of exactly that size.
///
/// Native and mapped segments and segments of a `float[]` are read with SIMD; those of other
/// arrays, and read-only views of arrays, are read value by value and are slow. The segment is
/// borrowed: its owner keeps it alive and unchanged as long as an index over it is in use.
public record FloatVectors(MemorySegment data, int count, int dimension) {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  public FloatVectors {
    Checks.require(count >= 0, "count %d is negative", count);
    Checks.require(dimension >= 1, "dimension %d is below 1", dimension);
    Checks.require(
        data.byteSize() == 4L * count * dimension,
        "%d bytes are not %d vectors of %d floats",
        data.byteSize(),
        count,
        dimension);
  }

  /// Views `values` as vectors, without a copy.
  public static FloatVectors of(float[] values, int dimension) {
    Checks.require(
        dimension >= 1 && values.length % dimension == 0,
        "%d values are not whole vectors of dimension %d",
        values.length,
        dimension);
    return new FloatVectors(MemorySegment.ofArray(values), values.length / dimension, dimension);
  }

  /// A copy of row `ordinal`.
  public float[] row(int ordinal) {
    float[] row = new float[dimension];
    copyRow(ordinal, row);
    return row;
  }

  void copyRow(int ordinal, float[] target) {
    MemorySegment.copy(data, FLOAT, 4L * dimension * ordinal, target, 0, dimension);
  }
}
