package io.elanus.common.format;

import io.elanus.common.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/// Writes little-endian bytes into an array that grows. Each method has its namesake in
/// [ByteReader]. Owned by one thread.
public final class ByteWriter {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private ByteBuffer buffer;

  /// @param expectedBytes a good guess spares copies
  public ByteWriter(int expectedBytes) {
    buffer = ByteBuffer.allocate(expectedBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  void header(Format format) {
    room(Format.HEADER_BYTES)
        .put(format.magic().getBytes(StandardCharsets.US_ASCII))
        .putShort((short) format.version());
  }

  public void u8(int value) {
    room(1).put((byte) value);
  }

  public void u16(int value) {
    room(2).putShort((short) value);
  }

  public void i32(int value) {
    room(4).putInt(value);
  }

  public void i64(long value) {
    room(8).putLong(value);
  }

  /// One byte, 0 or 1.
  public void bool(boolean value) {
    u8(value ? 1 : 0);
  }

  /// Unsigned, 7 bits per byte, lowest first: small values are short.
  public void varint(long value) {
    ByteBuffer out = room(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  /// Signed as [#varint], values near zero are short.
  public void zigzag(long value) {
    varint(value << 1 ^ value >> 63);
  }

  /// The number of bytes as a varint, then UTF-8.
  ///
  /// @throws IllegalArgumentException for half a surrogate pair, which UTF-8 cannot say
  public void text(String value) {
    byte[] utf8 = utf8(value);
    varint(utf8.length);
    bytes(utf8);
  }

  /// The UTF-8 of `value`.
  ///
  /// @throws IllegalArgumentException for half a surrogate pair, which UTF-8 cannot say
  public static byte[] utf8(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i)) && !isPair(value, i++)) {
        throw new IllegalArgumentException(
            "half a surrogate pair at character %d".formatted(i - 1));
      }
    }
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isPair(String value, int i) {
    return i + 1 < value.length()
        && Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1));
  }

  /// The bytes as they are, without their number.
  public void bytes(byte[] values) {
    room(values.length).put(values);
  }

  /// 4 bytes each, in one copy.
  public void ints(int[] values) {
    ByteBuffer out = room(4L * values.length);
    out.asIntBuffer().put(values);
    out.position(out.position() + 4 * values.length);
  }

  /// 8 bytes each, in one copy.
  public void longs(long[] values) {
    ByteBuffer out = room(8L * values.length);
    out.asLongBuffer().put(values);
    out.position(out.position() + 8 * values.length);
  }

  /// 4 bytes each, in one copy.
  public void floats(float[] values) {
    ByteBuffer out = room(4L * values.length);
    out.asFloatBuffer().put(values);
    out.position(out.position() + 4 * values.length);
  }

  /// 8 bytes each, in one copy.
  public void doubles(double[] values) {
    ByteBuffer out = room(8L * values.length);
    out.asDoubleBuffer().put(values);
    out.position(out.position() + 8 * values.length);
  }

  /// The number of elements as a varint, then each by `element`.
  public <T> void list(Collection<T> values, Consumer<T> element) {
    varint(values.size());
    values.forEach(element);
  }

  /// One byte that says whether there is a value, then the value by `some`.
  public <T> void optional(Optional<T> value, Consumer<T> some) {
    bool(value.isPresent());
    value.ifPresent(some);
  }

  /// The CRC32C of all bytes from `start` up to here.
  public void crc32c(int start) {
    i32(Format.crc32c(buffer.array(), start, size()));
  }

  /// Overwrites the 4 bytes at `offset`, for a size known only after what it counts.
  public void setI32(int offset, int value) {
    buffer.putInt(offset, value);
  }

  /// Bytes written so far.
  public int size() {
    return buffer.position();
  }

  /// What was written. The writer must not be used any more.
  public byte[] toBytes() {
    byte[] array = buffer.array();
    return array.length == size() ? array : Arrays.copyOf(array, size());
  }

  private ByteBuffer room(long bytes) {
    if (buffer.remaining() < bytes) {
      grow(size() + bytes);
    }
    return buffer;
  }

  private void grow(long needed) {
    if (needed > MAX_BYTES) {
      throw ErrorCode.PARAMETER_TOO_LARGE.because("%d bytes do not fit one array", needed);
    }
    long doubled = Math.min(MAX_BYTES, 2L * buffer.capacity());
    buffer =
        ByteBuffer.allocate((int) Math.max(needed, doubled))
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(buffer.flip());
  }
}
