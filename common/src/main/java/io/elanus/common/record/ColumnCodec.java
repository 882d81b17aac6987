package io.elanus.common.record;

import io.elanus.common.format.ByteReader;
import io.elanus.common.format.ByteWriter;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int32Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.ColumnForm;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.RowBatch;
import java.util.SortedMap;
import java.util.TreeMap;

/// The bytes of rows and keys within a record.
///
/// ```
/// rows    row count (4), column count (varint), then per column, by ascending field id:
///         field id (8), column
/// keys    row count (4), column of form Int64 or VarChar
/// column  form (1), flags (1), size in bytes of what follows (4), validity if flag 0 is set, values
///
/// validity of n rows: (n + 7) / 8 bytes, bit `row % 8` of byte `row / 8` is 1 for a row with a value;
/// the values are those of such rows alone
///
/// values of n rows
///   Bool          n bytes, 0 or 1
///   Int32         n x 4
///   Int64         n x 8
///   Float         n x 4
///   Double        n x 8
///   VarChar       n lengths in bytes (4 each), then the UTF-8 of all
///   Bytes         n lengths in bytes (4 each), then the bytes of all
///   FloatVector   dimension (4), n x dimension x 4, row after row
///   ByteVector    bytes of a row (4), n x bytes, row after row
///   List          form of an element (1), n numbers of elements (4 each), the values of all elements
/// ```
final class ColumnCodec {
  private static final int MIN_COLUMN_BYTES = 6;
  private static final int NULLABLE = 1;

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
    throw in.corrupt("keys cannot be of form " + column.form());
  }

  private static int readRowCount(ByteReader in) {
    int rowCount = in.i32();
    if (rowCount < 0) {
      throw in.corrupt("%d rows".formatted(rowCount));
    }
    return rowCount;
  }

  private static void writeColumn(ByteWriter out, Column column) {
    out.u8(column.form().number());
    out.u8(column instanceof NullableColumn ? NULLABLE : 0);
    int sizeOffset = out.size();
    out.i32(0);
    if (column instanceof NullableColumn(Column values, boolean[] valid)) {
      out.bytes(bitmap(valid));
      writeValues(out, values);
    } else {
      writeValues(out, column);
    }
    out.setI32(sizeOffset, out.size() - sizeOffset - 4);
  }

  private static Column readColumn(ByteReader in, int rowCount) {
    ColumnForm form = readForm(in);
    boolean nullable = in.flags(NULLABLE) == NULLABLE;
    int sizeBytes = in.requireCount(in.i32(), 1);
    int start = in.offset();
    Column column = nullable ? readNullable(in, form, rowCount) : readValues(in, form, rowCount);
    if (in.offset() - start != sizeBytes) {
      throw in.corrupt(
          "a column of %d bytes, expected %d".formatted(in.offset() - start, sizeBytes));
    }
    return column;
  }

  private static ColumnForm readForm(ByteReader in) {
    int number = in.u8();
    return ColumnForm.ofNumber(number)
        .orElseThrow(() -> in.corrupt("unknown column type %d".formatted(number)));
  }

  private static NullableColumn readNullable(ByteReader in, ColumnForm form, int rowCount) {
    byte[] bitmap = in.bytes((int) ((rowCount + 7L) / 8));
    boolean[] valid = new boolean[rowCount];
    for (int row = 0; row < rowCount; row++) {
      valid[row] = (bitmap[row >> 3] >>> (row & 7) & 1) != 0;
    }
    return new NullableColumn(readValues(in, form, NullableColumn.count(valid)), valid);
  }

  private static byte[] bitmap(boolean[] valid) {
    byte[] bitmap = new byte[(valid.length + 7) / 8];
    for (int row = 0; row < valid.length; row++) {
      if (valid[row]) {
        bitmap[row >> 3] |= (byte) (1 << (row & 7));
      }
    }
    return bitmap;
  }

  private static void writeValues(ByteWriter out, Column column) {
    switch (column) {
      case BoolColumn c -> {
        for (boolean value : c.values()) {
          out.bool(value);
        }
      }
      case Int32Column c -> out.ints(c.values());
      case Int64Column c -> out.longs(c.values());
      case FloatColumn c -> out.floats(c.values());
      case DoubleColumn c -> out.doubles(c.values());
      case VarCharColumn c -> writeTexts(out, c.values());
      case BytesColumn c -> writeByteStrings(out, c.values());
      case FloatVectorColumn c -> {
        out.i32(c.dimension());
        out.floats(c.values());
      }
      case ByteVectorColumn c -> {
        out.i32(c.rowBytes());
        out.bytes(c.values());
      }
      case ListColumn c -> {
        out.u8(c.elements().form().number());
        for (int row = 0; row < c.rowCount(); row++) {
          out.i32(c.length(row));
        }
        writeValues(out, c.elements());
      }
      case NullableColumn _ -> throw new IllegalArgumentException("nulls within nulls");
    }
  }

  private static Column readValues(ByteReader in, ColumnForm form, int rowCount) {
    return switch (form) {
      case BOOL -> new BoolColumn(readBools(in, rowCount));
      case INT32 -> new Int32Column(in.ints(rowCount));
      case INT64 -> new Int64Column(in.longs(rowCount));
      case FLOAT -> new FloatColumn(in.floats(rowCount));
      case DOUBLE -> new DoubleColumn(in.doubles(rowCount));
      case TEXT -> new VarCharColumn(readTexts(in, rowCount));
      case BYTES -> new BytesColumn(readByteStrings(in, rowCount));
      case FLOAT_VECTOR -> {
        int dimension = in.i32();
        yield new FloatVectorColumn(in.floats((long) rowCount * dimension), dimension);
      }
      case BYTE_VECTOR -> {
        int rowBytes = in.i32();
        int sizeBytes = in.requireCount((long) rowCount * rowBytes, 1);
        yield new ByteVectorColumn(in.bytes(sizeBytes), rowBytes);
      }
      case LIST -> readLists(in, rowCount);
    };
  }

  private static ListColumn readLists(ByteReader in, int rowCount) {
    ColumnForm form = readForm(in);
    if (form == ColumnForm.LIST) {
      throw in.corrupt("a list of lists");
    }
    int[] lengths = in.ints(rowCount);
    int[] starts = new int[rowCount + 1];
    for (int row = 0; row < rowCount; row++) {
      long end = (long) starts[row] + lengths[row];
      if (lengths[row] < 0 || end > Integer.MAX_VALUE) {
        throw in.corrupt("a list of %d values".formatted(lengths[row]));
      }
      starts[row + 1] = (int) end;
    }
    return new ListColumn(readValues(in, form, starts[rowCount]), starts);
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
