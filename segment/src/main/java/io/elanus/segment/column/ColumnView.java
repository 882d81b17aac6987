package io.elanus.segment.column;

import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.JsonColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Key;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// The values of one field of a block, where they lie: little-endian, as Parquet's PLAIN encoding
/// has them, in a mapped file or in an array. Valid as long as the block it was taken from.
///
/// Rows are not checked against `rowCount`: the callers' loops end there.
public sealed interface ColumnView
    permits ColumnView.Bools,
        ColumnView.Ints,
        ColumnView.Doubles,
        ColumnView.Jsons,
        ColumnView.Vectors,
        KeyView {
  ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  int rowCount();

  /// Copies of the values at `rows`, in that order.
  Column select(int[] rows);

  /// @param words bit `row % 64` of word `row / 64`
  record Bools(long[] words, int rowCount) implements ColumnView {
    public boolean get(int row) {
      return (words[row >> 6] >>> row & 1) != 0;
    }

    @Override
    public BoolColumn select(int[] rows) {
      boolean[] values = new boolean[rows.length];
      for (int i = 0; i < rows.length; i++) {
        values[i] = get(rows[i]);
      }
      return new BoolColumn(values);
    }
  }

  /// Only the system column `__index` has this type today.
  record Ints(MemorySegment values, int rowCount) implements ColumnView {
    public int get(int row) {
      return values.get(INT, row * 4L);
    }

    @Override
    public Int64Column select(int[] rows) {
      return new Int64Column(Arrays.stream(rows).mapToLong(this::get).toArray());
    }
  }

  record Longs(MemorySegment values, int rowCount) implements KeyView {
    public long get(int row) {
      return values.get(LONG, row * 8L);
    }

    @Override
    public Int64Column select(int[] rows) {
      return new Int64Column(Arrays.stream(rows).mapToLong(this::get).toArray());
    }

    @Override
    public Key key(int row) {
      return Key.of(get(row));
    }

    @Override
    public int compareRows(int row, KeyView other, int otherRow) {
      return Long.compare(get(row), ((Longs) other).get(otherRow));
    }

    @Override
    public int lowerBound(Key key) {
      return switch (key) {
        case Key.LongKey k -> firstRow(rowCount, row -> get(row) >= k.value());
        case Key.TextKey _ -> rowCount;
      };
    }

    @Override
    public int upperBound(Key key) {
      return switch (key) {
        case Key.LongKey k -> firstRow(rowCount, row -> get(row) > k.value());
        case Key.TextKey _ -> rowCount;
      };
    }
  }

  record Doubles(MemorySegment values, int rowCount) implements ColumnView {
    public double get(int row) {
      return values.get(DOUBLE, row * 8L);
    }

    @Override
    public DoubleColumn select(int[] rows) {
      return new DoubleColumn(Arrays.stream(rows).mapToDouble(this::get).toArray());
    }
  }

  /// VarChar.
  record Texts(Blobs bytes) implements KeyView {
    @Override
    public int rowCount() {
      return bytes.rowCount();
    }

    public String get(int row) {
      return new String(bytes.get(row), StandardCharsets.UTF_8);
    }

    @Override
    public VarCharColumn select(int[] rows) {
      String[] values = Arrays.stream(rows).mapToObj(this::get).toArray(String[]::new);
      return new VarCharColumn(values);
    }

    @Override
    public Key key(int row) {
      return Key.of(get(row));
    }

    @Override
    public int compareRows(int row, KeyView other, int otherRow) {
      return bytes.compareRows(row, ((Texts) other).bytes, otherRow);
    }

    @Override
    public int lowerBound(Key key) {
      return switch (key) {
        case Key.LongKey _ -> 0;
        case Key.TextKey k -> {
          MemorySegment utf8 = utf8(k.value());
          yield firstRow(rowCount(), row -> bytes.compare(row, utf8) >= 0);
        }
      };
    }

    @Override
    public int upperBound(Key key) {
      return switch (key) {
        case Key.LongKey _ -> 0;
        case Key.TextKey k -> {
          MemorySegment utf8 = utf8(k.value());
          yield firstRow(rowCount(), row -> bytes.compare(row, utf8) > 0);
        }
      };
    }

    private static MemorySegment utf8(String value) {
      return MemorySegment.ofArray(value.getBytes(StandardCharsets.UTF_8));
    }
  }

  /// JSON texts.
  record Jsons(Blobs bytes) implements ColumnView {
    @Override
    public int rowCount() {
      return bytes.rowCount();
    }

    @Override
    public JsonColumn select(int[] rows) {
      return new JsonColumn(Arrays.stream(rows).mapToObj(bytes::get).toArray(byte[][]::new));
    }
  }

  /// @param values row-major, `rowCount x dimension` floats
  record Vectors(MemorySegment values, int rowCount, int dimension) implements ColumnView {
    @Override
    public FloatVectorColumn select(int[] rows) {
      float[] selected = new float[Math.multiplyExact(rows.length, dimension)];
      for (int i = 0; i < rows.length; i++) {
        MemorySegment.copy(values, FLOAT, offset(rows[i]), selected, i * dimension, dimension);
      }
      return new FloatVectorColumn(selected, dimension);
    }

    public long rowBytes() {
      return dimension * 4L;
    }

    public long offset(int row) {
      return row * rowBytes();
    }
  }

  /// The type of a field as the rows hold it.
  static DataType typeOf(ColumnView view) {
    return switch (view) {
      case Bools _ -> DataType.BOOL;
      case Ints _ -> DataType.INT32;
      case Longs _ -> DataType.INT64;
      case Doubles _ -> DataType.DOUBLE;
      case Texts _ -> DataType.VARCHAR;
      case Jsons _ -> DataType.JSON;
      case Vectors _ -> DataType.FLOAT_VECTOR;
    };
  }

  private static int firstRow(int rowCount, IntPredicate reached) {
    int low = 0;
    int high = rowCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (reached.test(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
