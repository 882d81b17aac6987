package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// `count` vectors of `dimension` values that are narrower than float32: row-major, little-endian, without
/// gaps, in one memory segment of exactly that size, which is borrowed.
public record NarrowVectors(MemorySegment data, int count, int dimension, Value value) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// How one value lies. Every one of them is exactly a float32.
  public enum Value {
    /// IEEE 754 binary16.
    FLOAT16(2),
    /// The upper half of a float32.
    BFLOAT16(2),
    /// A signed byte.
    INT8(1);

    private final int bytes;

    Value(int bytes) {
      this.bytes = bytes;
    }
  }

  public NarrowVectors {
    Checks.require(count >= 0, "count %d is negative", count);
    Checks.require(dimension >= 1, "dimension %d is below 1", dimension);
    Checks.require(
        data.byteSize() == (long) value.bytes * count * dimension,
        "%d bytes are not %d vectors of %d values of %d bytes",
        data.byteSize(),
        count,
        dimension,
        value.bytes);
  }

  /// Row `ordinal` as float32, into `target` from `at` on.
  void widenRow(int ordinal, float[] target, int at) {
    long start = (long) ordinal * dimension;
    switch (value) {
      case FLOAT16 -> {
        for (int i = 0; i < dimension; i++) {
          target[at + i] = Float.float16ToFloat(data.get(SHORT, 2 * (start + i)));
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < dimension; i++) {
          target[at + i] = Float.intBitsToFloat(data.get(SHORT, 2 * (start + i)) << 16);
        }
      }
      case INT8 -> {
        for (int i = 0; i < dimension; i++) {
          target[at + i] = data.get(ValueLayout.JAVA_BYTE, start + i);
        }
      }
    }
  }
}
