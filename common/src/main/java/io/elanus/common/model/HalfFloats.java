package io.elanus.common.model;

/// Floats of two bytes each, little-endian, and float32: rounded to the nearest, to the even one of two.
public final class HalfFloats {
  private HalfFloats() {}

  /// IEEE 754 binary16.
  public static byte[] toFloat16(float[] values) {
    byte[] bytes = new byte[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      put(bytes, i, Float.floatToFloat16(values[i]));
    }
    return bytes;
  }

  /// The upper half of a float32.
  public static byte[] toBFloat16(float[] values) {
    byte[] bytes = new byte[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      put(bytes, i, toBFloat16(values[i]));
    }
    return bytes;
  }

  private static short toBFloat16(float value) {
    int bits = Float.floatToIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16);
    }
    int half = 0x7fff + (bits >>> 16 & 1);
    return (short) (bits + half >>> 16);
  }

  private static void put(byte[] bytes, int at, short value) {
    bytes[2 * at] = (byte) value;
    bytes[2 * at + 1] = (byte) (value >> 8);
  }

  public static float[] fromFloat16(byte[] bytes) {
    float[] values = new float[bytes.length / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.float16ToFloat(get(bytes, i));
    }
    return values;
  }

  public static float[] fromBFloat16(byte[] bytes) {
    float[] values = new float[bytes.length / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(get(bytes, i) << 16);
    }
    return values;
  }

  private static short get(byte[] bytes, int at) {
    return (short) (bytes[2 * at] & 0xff | bytes[2 * at + 1] << 8);
  }
}
