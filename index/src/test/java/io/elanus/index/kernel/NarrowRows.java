package io.elanus.index.kernel;

import java.util.Random;

/// Values of rows, drawn.
public final class NarrowRows {
  private NarrowRows() {}

  /// So many values of `type`, not FLOAT32, near zero; of float16 also very small ones.
  public static byte[] random(ValueType type, int count, Random random) {
    byte[] rows = new byte[type.bytes() * count];
    for (int i = 0; i < count; i++) {
      float value = (float) random.nextGaussian();
      switch (type) {
        case FLOAT16 ->
            put(rows, i, Float.floatToFloat16(random.nextInt(20) == 0 ? value * 1e-6f : value));
        case BFLOAT16 -> put(rows, i, (short) (Float.floatToIntBits(value) >>> 16));
        case INT8 -> rows[i] = (byte) random.nextInt();
        case FLOAT32 -> throw new IllegalArgumentException("not narrow");
      }
    }
    return rows;
  }

  private static void put(byte[] rows, int i, short value) {
    rows[2 * i] = (byte) value;
    rows[2 * i + 1] = (byte) (value >> 8);
  }
}
