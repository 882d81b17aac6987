package io.elanus.segment.column;

import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int32Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.ColumnForm;
import io.elanus.common.model.Key;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
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
        ColumnView.Floats,
        ColumnView.Doubles,
        ColumnView.ByteStrings,
        ColumnView.Vectors,
        ColumnView.ByteVectors,
        ColumnView.Lists,
        ColumnView.Nullables,
        KeyView {
  ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// What a string or an array takes beside its bytes.
  int OBJECT_BYTES = 32;

  int rowCount();

  /// Copies of the values at `rows`, in that order.
  Column select(int[] rows);

  /// About as many bytes as a copy of the value at `row` takes on the heap.
  long sizeBytes(int row);

  /// @param words bit `row % 64` of word `row / 64`
  record Bools(long[] words, int rowCount) implements ColumnView {
    @Override
    public long sizeBytes(int row) {
      return 1;
    }

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

  record Ints(MemorySegment values, int rowCount) implements ColumnView {
    @Override
    public long sizeBytes(int row) {
      return Integer.BYTES;
    }

    public int get(int row) {
      return values.get(INT, row * 4L);
    }

    @Override
    public Int32Column select(int[] rows) {
      return new Int32Column(Arrays.stream(rows).map(this::get).toArray());
    }
  }

  record Longs(MemorySegment values, int rowCount) implements KeyView {
    @Override
    public long sizeBytes(int row) {
      return Long.BYTES;
    }

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

  record Floats(MemorySegment values, int rowCount) implements ColumnView {
    @Override
    public long sizeBytes(int row) {
      return Float.BYTES;
    }

    public float get(int row) {
      return values.get(FLOAT, row * 4L);
    }

    @Override
    public FloatColumn select(int[] rows) {
      float[] selected = new float[rows.length];
      for (int i = 0; i < rows.length; i++) {
        selected[i] = get(rows[i]);
      }
      return new FloatColumn(selected);
    }
  }

  record Doubles(MemorySegment values, int rowCount) implements ColumnView {
    @Override
    public long sizeBytes(int row) {
      return Double.BYTES;
    }

    public double get(int row) {
      return values.get(DOUBLE, row * 8L);
    }

    @Override
    public DoubleColumn select(int[] rows) {
      return new DoubleColumn(Arrays.stream(rows).mapToDouble(this::get).toArray());
    }
  }

  /// VarChar and Text.
  record Texts(Blobs bytes) implements KeyView {
    @Override
    public long sizeBytes(int row) {
      return OBJECT_BYTES + bytes.length(row);
    }

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

  /// JSON texts, geometries, sparse vectors.
  record ByteStrings(Blobs bytes) implements ColumnView {
    @Override
    public long sizeBytes(int row) {
      return OBJECT_BYTES + bytes.length(row);
    }

    @Override
    public int rowCount() {
      return bytes.rowCount();
    }

    @Override
    public BytesColumn select(int[] rows) {
      return new BytesColumn(Arrays.stream(rows).mapToObj(bytes::get).toArray(byte[][]::new));
    }
  }

  /// @param values row-major, `rowCount x dimension` floats
  record Vectors(MemorySegment values, int rowCount, int dimension) implements ColumnView {
    @Override
    public long sizeBytes(int row) {
      return rowBytes();
    }

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

  /// Dense vectors that are not of float32.
  ///
  /// @param values row-major, `rowCount x rowBytes`
  record ByteVectors(MemorySegment values, int rowCount, int rowBytes) implements ColumnView {
    @Override
    public long sizeBytes(int row) {
      return rowBytes;
    }

    @Override
    public ByteVectorColumn select(int[] rows) {
      byte[] selected = new byte[Math.multiplyExact(rows.length, rowBytes)];
      for (int i = 0; i < rows.length; i++) {
        MemorySegment.copy(
            values,
            ValueLayout.JAVA_BYTE,
            (long) rows[i] * rowBytes,
            selected,
            i * rowBytes,
            rowBytes);
      }
      return new ByteVectorColumn(selected, rowBytes);
    }
  }

  /// As [ListColumn].
  ///
  /// @param starts `rowCount + 1` ints, ascending from 0
  record Lists(ColumnView elements, MemorySegment starts, int rowCount) implements ColumnView {
    @Override
    public long sizeBytes(int row) {
      long bytes = Integer.BYTES;
      for (int element = start(row); element < start(row + 1); element++) {
        bytes += elements.sizeBytes(element);
      }
      return bytes;
    }

    /// Where the elements of a row begin; those of the last row end at `start(rowCount)`.
    public int start(int row) {
      return starts.get(INT, row * 4L);
    }

    @Override
    public ListColumn select(int[] rows) {
      int[] selected = new int[rows.length + 1];
      for (int i = 0; i < rows.length; i++) {
        selected[i + 1] = Math.addExact(selected[i], start(rows[i] + 1) - start(rows[i]));
      }
      int[] chosen = new int[selected[rows.length]];
      int at = 0;
      for (int row : rows) {
        for (int element = start(row); element < start(row + 1); element++) {
          chosen[at++] = element;
        }
      }
      return new ListColumn(elements.select(chosen), selected);
    }
  }

  /// As [NullableColumn].
  ///
  /// @param values of the valid rows, by rank
  record Nullables(ColumnView values, Validity validity) implements ColumnView {
    @Override
    public long sizeBytes(int row) {
      return validity.has(row) ? values.sizeBytes(validity.rank(row)) : 1;
    }

    @Override
    public int rowCount() {
      return validity.rowCount();
    }

    @Override
    public NullableColumn select(int[] rows) {
      boolean[] valid = new boolean[rows.length];
      int[] ranks = new int[rows.length];
      int count = 0;
      for (int i = 0; i < rows.length; i++) {
        valid[i] = validity.has(rows[i]);
        if (valid[i]) {
          ranks[count++] = validity.rank(rows[i]);
        }
      }
      return new NullableColumn(values.select(Arrays.copyOf(ranks, count)), valid);
    }
  }

  /// How the values lie.
  static ColumnForm formOf(ColumnView view) {
    return switch (view) {
      case Bools _ -> ColumnForm.BOOL;
      case Ints _ -> ColumnForm.INT32;
      case Longs _ -> ColumnForm.INT64;
      case Floats _ -> ColumnForm.FLOAT;
      case Doubles _ -> ColumnForm.DOUBLE;
      case Texts _ -> ColumnForm.TEXT;
      case ByteStrings _ -> ColumnForm.BYTES;
      case Vectors _ -> ColumnForm.FLOAT_VECTOR;
      case ByteVectors _ -> ColumnForm.BYTE_VECTOR;
      case Lists _ -> ColumnForm.LIST;
      case Nullables nullables -> formOf(nullables.values());
    };
  }

  /// The view of values that lie in arrays: copies, but for numbers and vectors.
  static ColumnView of(Column column) {
    return ArrayViews.of(column);
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
