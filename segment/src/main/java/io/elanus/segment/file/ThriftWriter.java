package io.elanus.segment.file;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// Writes Thrift's compact protocol, as far as Parquet's metadata needs it. Field numbers of a
/// struct are written in ascending order.
///
/// ```
/// field:   delta to the last number << 4 | type (1), value
/// i32, i64: zigzag varint        binary: size as varint, bytes
/// list:    size << 4 | type (1), or 0xf0 | type (1) and size as varint; elements
/// bool:    in the field's type   struct: fields, then 0 (1)
/// ```
/// Source: thrift-compact-protocol.md of Apache Thrift.
final class ThriftWriter {
  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int I32 = 5;
  private static final int I64 = 6;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int STRUCT = 12;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Deque<Integer> outer = new ArrayDeque<>();
  private int last;

  /// The bytes of one struct.
  static byte[] struct(Consumer<ThriftWriter> fields) {
    ThriftWriter writer = new ThriftWriter();
    fields.accept(writer);
    writer.out.write(0);
    return writer.out.toByteArray();
  }

  void bool(int field, boolean value) {
    header(field, value ? TRUE : FALSE);
  }

  void i32(int field, int value) {
    header(field, I32);
    zigzag(value);
  }

  void i64(int field, long value) {
    header(field, I64);
    zigzag(value);
  }

  void text(int field, String value) {
    header(field, BINARY);
    bytes(value);
  }

  void struct(int field, Consumer<ThriftWriter> fields) {
    header(field, STRUCT);
    nested(fields);
  }

  /// A struct without fields.
  void empty(int field) {
    struct(field, _ -> {});
  }

  void i32List(int field, List<Integer> values) {
    listHeader(field, I32, values.size());
    values.forEach(this::zigzag);
  }

  void textList(int field, List<String> values) {
    listHeader(field, BINARY, values.size());
    values.forEach(this::bytes);
  }

  void structList(int field, List<Consumer<ThriftWriter>> values) {
    listHeader(field, STRUCT, values.size());
    values.forEach(this::nested);
  }

  private void nested(Consumer<ThriftWriter> fields) {
    outer.push(last);
    last = 0;
    fields.accept(this);
    out.write(0);
    last = outer.pop();
  }

  /// All fields of Parquet's metadata are numbered from 1 and less than 16 apart.
  private void header(int field, int type) {
    int delta = field - last;
    if (delta < 1 || delta > 15) {
      throw new IllegalArgumentException("field %d after %d".formatted(field, last));
    }
    out.write(delta << 4 | type);
    last = field;
  }

  private void listHeader(int field, int type, int size) {
    header(field, LIST);
    if (size < 15) {
      out.write(size << 4 | type);
    } else {
      out.write(0xf0 | type);
      varint(size);
    }
  }

  private void bytes(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    varint(utf8.length);
    out.writeBytes(utf8);
  }

  private void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
