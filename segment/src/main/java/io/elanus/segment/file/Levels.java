package io.elanus.segment.file;

import io.elanus.segment.column.Validity;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/// The repetition and definition levels of one page, run-length encoded: a run is `length << 1` as a varint,
/// then its value in one byte. A run is as long as it can be.
///
/// ```
/// rows                 [a b c]  []  null  [d]
/// repetition           0 1 1    0   0     0       0 begins a row
/// definition           2 2 2    1   0     2       nullable lists; one less when no list can be null
///
/// values               a  null  b
/// definition           1  0     1                 nullable values; none when no value can be null
/// ```
///
/// Source: Encodings.md of Apache parquet-format, "RLE/bit-packing hybrid".
///
/// @param valueCount rows, or values and the rows without any of a list
record Levels(byte[] repetition, byte[] definition, int valueCount, int nullCount) {
  private static final byte[] NONE = new byte[0];

  /// @param validity empty when no row can be null
  /// @param lengths values by rank of the row
  /// @throws ArithmeticException for 2^31 values or more
  static Levels of(
      ParquetColumn.Shape shape,
      int rowCount,
      Optional<Validity> validity,
      IntUnaryOperator lengths) {
    return switch (shape) {
      case ParquetColumn.Shape.One _ -> ofValues(rowCount, validity);
      case ParquetColumn.Shape.Fixed(int length) -> ofLists(rowCount, validity, _ -> length);
      case ParquetColumn.Shape.Lists _ -> ofLists(rowCount, validity, lengths);
    };
  }

  private static Levels ofValues(int rowCount, Optional<Validity> validity) {
    if (validity.isEmpty()) {
      return new Levels(NONE, NONE, rowCount, 0);
    }
    Runs definition = new Runs();
    for (int row = 0; row < rowCount; row++) {
      definition.add(validity.get().has(row) ? 1 : 0, 1);
    }
    return new Levels(NONE, definition.toBytes(), rowCount, rowCount - validity.get().count());
  }

  private static Levels ofLists(
      int rowCount, Optional<Validity> validity, IntUnaryOperator lengths) {
    int highest = validity.isPresent() ? 2 : 1;
    Runs repetition = new Runs();
    Runs definition = new Runs();
    int valueCount = 0;
    int nullCount = 0;
    int rank = 0;
    for (int row = 0; row < rowCount; row++) {
      boolean valid = validity.isEmpty() || validity.get().has(row);
      int length = valid ? lengths.applyAsInt(rank++) : 0;
      repetition.add(0, 1);
      repetition.add(1, Math.max(0, length - 1));
      definition.add(valid ? length == 0 ? highest - 1 : highest : 0, Math.max(1, length));
      valueCount = Math.addExact(valueCount, Math.max(1, length));
      nullCount += length == 0 ? 1 : 0;
    }
    return new Levels(repetition.toBytes(), definition.toBytes(), valueCount, nullCount);
  }

  int sizeBytes() {
    return repetition.length + definition.length;
  }

  private static final class Runs {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int value;
    private long length;

    void add(int next, int times) {
      if (times > 0 && next != value) {
        flush();
        value = next;
      }
      length += times;
    }

    private void flush() {
      if (length == 0) {
        return;
      }
      long rest = length << 1;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
      out.write(value);
      length = 0;
    }

    byte[] toBytes() {
      flush();
      return out.toByteArray();
    }
  }
}
