package io.elanus.common.format;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads what a [ByteWriter] wrote. Every length is compared with the bytes that are left before
/// anything is allocated; every failure is `CORRUPT` and says which format, where and what. Owned
/// by one thread.
public final class ByteReader {
  private final String what;
  private final ByteBuffer buffer;

  /// @param what is read, for messages
  /// @param end where the readable part of `bytes` ends
  public ByteReader(String what, byte[] bytes, int end) {
    this.what = what;
    this.buffer = ByteBuffer.wrap(bytes, 0, end).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Goes to `offset`, then reads on from there.
  public ByteReader at(int offset) {
    if (offset < 0 || offset > buffer.limit()) {
      throw corrupt("too short, %d bytes in all".formatted(buffer.limit()));
    }
    buffer.position(offset);
    return this;
  }

  public int u8() {
    return left(1).get() & 0xff;
  }

  public int u16() {
    return left(2).getShort() & 0xffff;
  }

  public int i32() {
    return left(4).getInt();
  }

  public long i64() {
    return left(8).getLong();
  }

  public boolean bool() {
    int value = u8();
    if (value > 1) {
      throw corrupt("%d is neither 0 nor 1".formatted(value));
    }
    return value == 1;
  }

  /// A byte of flags.
  ///
  /// @param known all bits this reader understands; others are refused
  public int flags(int known) {
    int flags = u8();
    if ((flags & ~known) != 0) {
      throw corrupt("unknown flags %02x".formatted(flags & ~known));
    }
    return flags;
  }

  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        if (shift == 63 && next > 1) {
          break;
        }
        return value;
      }
    }
    throw corrupt("a varint of more than 64 bits");
  }

  public long zigzag() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  /// A number of things as a varint, each of which takes at least `minBytes` of what is left.
  public int count(int minBytes) {
    return requireCount(varint(), minBytes);
  }

  /// `count`, if as many things of at least `minBytes` each can be left.
  public int requireCount(long count, int minBytes) {
    if (count < 0 || count > buffer.remaining() / Math.max(1, minBytes)) {
      throw corrupt(
          "%d times %d bytes, but %d are left".formatted(count, minBytes, buffer.remaining()));
    }
    return (int) count;
  }

  public String text() {
    return utf8(count(1));
  }

  /// UTF-8 of `size` bytes.
  public String utf8(int size) {
    int start = take(size);
    return new String(buffer.array(), start, size, StandardCharsets.UTF_8);
  }

  String ascii(int size) {
    int start = take(size);
    return new String(buffer.array(), start, size, StandardCharsets.ISO_8859_1);
  }

  public byte[] bytes(int size) {
    byte[] values = new byte[requireCount(size, 1)];
    buffer.get(values);
    return values;
  }

  public int[] ints(int count) {
    int[] values = new int[requireCount(count, 4)];
    buffer.asIntBuffer().get(values);
    take(4 * count);
    return values;
  }

  public long[] longs(int count) {
    long[] values = new long[requireCount(count, 8)];
    buffer.asLongBuffer().get(values);
    take(8 * count);
    return values;
  }

  public float[] floats(long count) {
    float[] values = new float[requireCount(count, 4)];
    buffer.asFloatBuffer().get(values);
    take(4 * values.length);
    return values;
  }

  public double[] doubles(int count) {
    double[] values = new double[requireCount(count, 8)];
    buffer.asDoubleBuffer().get(values);
    take(8 * count);
    return values;
  }

  /// A list as [ByteWriter#list] writes it.
  ///
  /// @param minBytes of one element, at least 1
  public <T> List<T> list(int minBytes, Supplier<T> element) {
    int count = count(minBytes);
    List<T> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(element.get());
    }
    return values;
  }

  public <T> Optional<T> optional(Supplier<T> some) {
    return bool() ? Optional.of(some.get()) : Optional.empty();
  }

  /// Where the next byte is read.
  public int offset() {
    return buffer.position();
  }

  public void requireEnd() {
    if (buffer.hasRemaining()) {
      throw corrupt("%d bytes left over".formatted(buffer.remaining()));
    }
  }

  /// To throw where the bytes say something impossible.
  public DbException corrupt(String why) {
    return ErrorCode.CORRUPT.because("%s: at offset %d: %s", what, offset(), why);
  }

  private ByteBuffer left(int bytes) {
    if (buffer.remaining() < bytes) {
      throw corrupt("%d bytes wanted, %d left".formatted(bytes, buffer.remaining()));
    }
    return buffer;
  }

  private int take(int bytes) {
    requireCount(bytes, 1);
    int start = buffer.position();
    buffer.position(start + bytes);
    return start;
  }
}
