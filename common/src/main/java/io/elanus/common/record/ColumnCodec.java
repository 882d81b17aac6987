package io.elanus.common.record;

import io.elanus.common.format.ByteReader;
import io.elanus.common.format.ByteWriter;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.JsonColumn;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.RowBatch;
import java.util.SortedMap;
import java.util.TreeMap;

/// The bytes of rows and keys within a record.
///
/// ```
/// rows    row count (4), column count (varint), then per column, by ascending field id:
///         field id (8), column
/// keys    row count (4), column of type Int64 or VarChar
/// column  type (1), flags (1), size of the values in bytes (4), values
///
/// values of n rows
///   Bool          n bytes, 0 or 1
///   Int64         n x 8
///   Double        n x 8
///   VarChar       n lengths in bytes (4 each), then the UTF-8 of all
///   JSON          n lengths in bytes (4 each), then the texts of all
///   FloatVector   dimension (4), n x dimension x 4, row after row
/// ```
///
/// Flags are 0; bit 0 is set aside for a validity bitmap before the values.
final class ColumnCodec {
  private static final int MIN_COLUMN_BYTES = 6;

  private ColumnCodec() {}

  static void writeRows(ByteWriter out, RowBatch rows) {
    out.i32(rows.rowCount());
    out.varint(rows.columns().size());
    rows.columns()
        .forEach((fieldId, column) -> {
          out.i64(fieldId);
          writeColumn(out, column);
        });
  }

  static RowBatch readRows(ByteReader in) {
    int rowCount = readRowCount(in);
    int columnCount = in.count(8 + MIN_COLUMN_BYTES);
    SortedMap<Long, Column> columns = new TreeMap<>();
    for (int i = 0; i < columnCount; i++) {
      long fieldId = in.i64();
      if (!columns.isEmpty() && fieldId <= columns.lastKey()) {
        throw in.corrupt("field %d after field %d".formatted(fieldId, columns.lastKey()));
      }
      columns.put(fieldId, readColumn(in, rowCount));
    }
    return new RowBatch(rowCount, columns);
  }

  static void writeKeys(ByteWriter out, KeyColumn keys) {
    out.i32(keys.rowCount());
    writeColumn(out, keys);
  }

  static KeyColumn readKeys(ByteReader in) {
    int rowCount = readRowCount(in);
    Column column = readColumn(in, rowCount);
    if (column instanceof KeyColumn keys) {
      return keys;
    }
    throw in.corrupt("keys cannot be of type " + column.type().milvusName());
  }

  private static int readRowCount(ByteReader in) {
    int rowCount = in.i32();
    if (rowCount < 0) {
      throw in.corrupt("%d rows".formatted(rowCount));
    }
    return rowCount;
  }

  private static void writeColumn(ByteWriter out, Column column) {
    out.u8(column.type().number());
    out.u8(0);
    int sizeOffset = out.size();
    out.i32(0);
    writeValues(out, column);
    out.setI32(sizeOffset, out.size() - sizeOffset - 4);
  }

  private static Column readColumn(ByteReader in, int rowCount) {
    int number = in.u8();
    in.flags(0);
    int sizeBytes = in.requireCount(in.i32(), 1);
    int start = in.offset();
    DataType type =
        DataType.ofNumber(number)
            .orElseThrow(() -> in.corrupt("unknown column type %d".formatted(number)));
    Column column = readValues(in, type, rowCount);
    if (in.offset() - start != sizeBytes) {
      throw in.corrupt(
          "a column of %d bytes, expected %d".formatted(in.offset() - start, sizeBytes));
    }
    return column;
  }

  private static void writeValues(ByteWriter out, Column column) {
    switch (column) {
      case BoolColumn c -> {
        for (boolean value : c.values()) {
          out.bool(value);
        }
      }
      case Int64Column c -> out.longs(c.values());
      case DoubleColumn c -> out.doubles(c.values());
      case VarCharColumn c -> writeTexts(out, c.values());
      case JsonColumn c -> writeByteStrings(out, c.values());
      case FloatVectorColumn c -> {
        out.i32(c.dimension());
        out.floats(c.values());
      }
    }
  }

  private static Column readValues(ByteReader in, DataType type, int rowCount) {
    return switch (type) {
      case BOOL -> new BoolColumn(readBools(in, rowCount));
      case INT64 -> new Int64Column(in.longs(rowCount));
      case DOUBLE -> new DoubleColumn(in.doubles(rowCount));
      case VARCHAR -> new VarCharColumn(readTexts(in, rowCount));
      case JSON -> new JsonColumn(readByteStrings(in, rowCount));
      case FLOAT_VECTOR -> {
        int dimension = in.i32();
        yield new FloatVectorColumn(in.floats((long) rowCount * dimension), dimension);
      }
      case INT8,
          INT16,
          INT32,
          FLOAT,
          ARRAY,
          GEOMETRY,
          TEXT,
          TIMESTAMPTZ,
          BINARY_VECTOR,
          FLOAT16_VECTOR,
          BFLOAT16_VECTOR,
          SPARSE_FLOAT_VECTOR,
          INT8_VECTOR ->
          throw in.corrupt("no column of type " + type.milvusName() + " in this version");
    };
  }

  private static boolean[] readBools(ByteReader in, int rowCount) {
    boolean[] values = new boolean[in.requireCount(rowCount, 1)];
    for (int i = 0; i < rowCount; i++) {
      values[i] = in.bool();
    }
    return values;
  }

  /// The lengths are known last and stand first: they are filled in on the way.
  private static void writeTexts(ByteWriter out, String[] values) {
    int lengths = out.size();
    out.ints(new int[values.length]);
    for (int i = 0; i < values.length; i++) {
      byte[] utf8 = ByteWriter.utf8(values[i]);
      out.setI32(lengths + 4 * i, utf8.length);
      out.bytes(utf8);
    }
  }

  private static String[] readTexts(ByteReader in, int rowCount) {
    int[] lengths = in.ints(rowCount);
    String[] values = new String[rowCount];
    for (int i = 0; i < rowCount; i++) {
      values[i] = in.utf8(lengths[i]);
    }
    return values;
  }

  private static void writeByteStrings(ByteWriter out, byte[][] values) {
    for (byte[] value : values) {
      out.i32(value.length);
    }
    for (byte[] value : values) {
      out.bytes(value);
    }
  }

  private static byte[][] readByteStrings(ByteReader in, int rowCount) {
    int[] lengths = in.ints(rowCount);
    byte[][] values = new byte[rowCount][];
    for (int i = 0; i < rowCount; i++) {
      values[i] = in.bytes(lengths[i]);
    }
    return values;
  }
}
