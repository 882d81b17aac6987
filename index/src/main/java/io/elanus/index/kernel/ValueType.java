package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// How a value of a row lies, little-endian. Each is exactly a float32.
public enum ValueType {
  /// IEEE 754 binary32.
  FLOAT32(4),
  /// IEEE 754 binary16.
  FLOAT16(2),
  /// The upper half of a float32.
  BFLOAT16(2),
  /// A signed byte.
  INT8(1);

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int bytes;

  ValueType(int bytes) {
    this.bytes = bytes;
  }

  /// Of a value.
  public int bytes() {
    return bytes;
  }

  /// The value with number `at` among `values`.
  float get(MemorySegment values, long at) {
    return switch (this) {
      case FLOAT32 -> values.get(FLOAT, 4 * at);
      case FLOAT16 -> Float.float16ToFloat(values.get(SHORT, 2 * at));
      case BFLOAT16 -> Float.intBitsToFloat(values.get(SHORT, 2 * at) << 16);
      case INT8 -> values.get(ValueLayout.JAVA_BYTE, at);
    };
  }

  /// Copies `count` values, the first of them number `at`, to `target` from `to` on.
  public void copy(MemorySegment values, long at, float[] target, int to, int count) {
    switch (this) {
      case FLOAT32 -> MemorySegment.copy(values, FLOAT, 4 * at, target, to, count);
      case FLOAT16 -> {
        for (int i = 0; i < count; i++) {
          target[to + i] = Float.float16ToFloat(values.get(SHORT, 2 * (at + i)));
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < count; i++) {
          target[to + i] = Float.intBitsToFloat(values.get(SHORT, 2 * (at + i)) << 16);
        }
      }
      case INT8 -> {
        for (int i = 0; i < count; i++) {
          target[to + i] = values.get(ValueLayout.JAVA_BYTE, at + i);
        }
      }
    }
  }
}
