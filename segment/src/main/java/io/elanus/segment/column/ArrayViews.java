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
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Views of columns: for blocks that lack a column and get one made of nothing.
final class ArrayViews {
  private ArrayViews() {}

  static ColumnView of(Column column) {
    int rows = column.rowCount();
    return switch (column) {
      case BoolColumn(boolean[] values) -> new ColumnView.Bools(words(values), rows);
      case Int32Column(int[] values) -> new ColumnView.Ints(MemorySegment.ofArray(values), rows);
      case Int64Column(long[] values) -> new ColumnView.Longs(MemorySegment.ofArray(values), rows);
      case FloatColumn(float[] values) ->
          new ColumnView.Floats(MemorySegment.ofArray(values), rows);
      case DoubleColumn(double[] values) ->
          new ColumnView.Doubles(MemorySegment.ofArray(values), rows);
      case VarCharColumn(String[] values) ->
          new ColumnView.Texts(
              blobs(
                  Arrays.stream(values)
                      .map(value -> value.getBytes(StandardCharsets.UTF_8))
                      .toArray(byte[][]::new)));
      case BytesColumn(byte[][] values) -> new ColumnView.ByteStrings(blobs(values));
      case FloatVectorColumn(float[] values, int dimension) ->
          new ColumnView.Vectors(MemorySegment.ofArray(values), rows, dimension);
      case ByteVectorColumn(byte[] values, int rowBytes) ->
          new ColumnView.ByteVectors(MemorySegment.ofArray(values), rows, rowBytes);
      case ListColumn(Column elements, int[] starts) ->
          new ColumnView.Lists(of(elements), MemorySegment.ofArray(starts), rows);
      case NullableColumn(Column values, boolean[] valid) ->
          new ColumnView.Nullables(of(values), Validity.of(words(valid), rows));
    };
  }

  private static long[] words(boolean[] values) {
    long[] words = RowBits.none(values.length);
    for (int row = 0; row < values.length; row++) {
      if (values[row]) {
        RowBits.add(words, row);
      }
    }
    return words;
  }

  private static Blobs blobs(byte[][] values) {
    int sizeBytes =
        Arrays.stream(values).mapToInt(value -> 4 + value.length).reduce(0, Math::addExact);
    MemorySegment data = MemorySegment.ofArray(new byte[sizeBytes]);
    int[] starts = new int[values.length];
    int at = 0;
    for (int row = 0; row < values.length; row++) {
      data.set(ColumnView.INT, at, values[row].length);
      starts[row] = at + 4;
      data.asSlice(starts[row], values[row].length).copyFrom(MemorySegment.ofArray(values[row]));
      at = starts[row] + values[row].length;
    }
    return new Blobs(data, starts, values.length);
  }
}
