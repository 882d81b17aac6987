package io.elanus.segment.column;

import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.JsonColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.Field;
import io.elanus.segment.column.ColumnView.Bools;
import io.elanus.segment.column.ColumnView.Doubles;
import io.elanus.segment.column.ColumnView.Jsons;
import io.elanus.segment.column.ColumnView.Longs;
import io.elanus.segment.column.ColumnView.Texts;
import io.elanus.segment.column.ColumnView.Vectors;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Copies values of one field out of several blocks into one column.
///
/// @param views the field's column in each block
public record RowGather(Field field, List<ColumnView> views) {
  public RowGather {
    views = List.copyOf(views);
  }

  /// @param block number of a block for each row wanted
  /// @param row within that block
  public Column gather(int[] block, int[] row) {
    return switch (field.type()) {
      case BOOL -> bools(block, row);
      case INT64 -> longs(block, row);
      case DOUBLE -> doubles(block, row);
      case VARCHAR -> texts(block, row);
      case JSON -> jsons(block, row);
      case FLOAT_VECTOR -> vectors(block, row);
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
          throw new IllegalStateException("no block has a column of type " + field.type());
    };
  }

  private BoolColumn bools(int[] block, int[] row) {
    boolean[] values = new boolean[row.length];
    for (int i = 0; i < row.length; i++) {
      values[i] = ((Bools) views.get(block[i])).get(row[i]);
    }
    return new BoolColumn(values);
  }

  private Int64Column longs(int[] block, int[] row) {
    long[] values = new long[row.length];
    for (int i = 0; i < row.length; i++) {
      values[i] = ((Longs) views.get(block[i])).get(row[i]);
    }
    return new Int64Column(values);
  }

  private DoubleColumn doubles(int[] block, int[] row) {
    double[] values = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      values[i] = ((Doubles) views.get(block[i])).get(row[i]);
    }
    return new DoubleColumn(values);
  }

  private VarCharColumn texts(int[] block, int[] row) {
    String[] values = new String[row.length];
    for (int i = 0; i < row.length; i++) {
      values[i] = ((Texts) views.get(block[i])).get(row[i]);
    }
    return new VarCharColumn(values);
  }

  private JsonColumn jsons(int[] block, int[] row) {
    byte[][] values = new byte[row.length][];
    for (int i = 0; i < row.length; i++) {
      values[i] = ((Jsons) views.get(block[i])).bytes().get(row[i]);
    }
    return new JsonColumn(values);
  }

  private FloatVectorColumn vectors(int[] block, int[] row) {
    int dimension = field.dimension();
    float[] values = new float[Math.multiplyExact(row.length, dimension)];
    for (int i = 0; i < row.length; i++) {
      Vectors view = (Vectors) views.get(block[i]);
      MemorySegment.copy(
          view.values(), ColumnView.FLOAT, view.offset(row[i]), values, i * dimension, dimension);
    }
    return new FloatVectorColumn(values, dimension);
  }
}
