package io.elanus.index;

import io.elanus.index.kernel.ValueType;
import java.lang.foreign.MemorySegment;

/// `count` vectors of `dimension` values: row-major, little-endian, without gaps, in one memory segment of exactly that
/// size.
///
/// Native and mapped segments, and segments of a `float[]`, are read with SIMD; those of other arrays, and read-only views
/// of arrays, are read value by value and are slow. The segment is borrowed: its owner keeps it alive and unchanged as long
/// as an index over it is in use.
public record DenseVectors(MemorySegment data, int count, int dimension, ValueType type) {
  public DenseVectors {
    Checks.require(count >= 0, "count %d is negative", count);
    Checks.require(dimension >= 1, "dimension %d is below 1", dimension);
    Checks.require(
        data.byteSize() == (long) type.bytes() * count * dimension,
        "%d bytes are not %d vectors of %d values of %d bytes",
        data.byteSize(),
        count,
        dimension,
        type.bytes());
  }

  /// Of float32.
  public DenseVectors(MemorySegment data, int count, int dimension) {
    this(data, count, dimension, ValueType.FLOAT32);
  }

  /// Views `values` as vectors, without a copy.
  public static DenseVectors of(float[] values, int dimension) {
    Checks.require(
        dimension >= 1 && values.length % dimension == 0,
        "%d values are not whole vectors of dimension %d",
        values.length,
        dimension);
    return new DenseVectors(MemorySegment.ofArray(values), values.length / dimension, dimension);
  }

  /// A copy of row `ordinal`.
  public float[] row(int ordinal) {
    float[] row = new float[dimension];
    copyRow(ordinal, row);
    return row;
  }

  void copyRow(int ordinal, float[] target) {
    type.copy(data, (long) dimension * ordinal, target, 0, dimension);
  }

  /// Of a row.
  long rowBytes() {
    return (long) type.bytes() * dimension;
  }
}
