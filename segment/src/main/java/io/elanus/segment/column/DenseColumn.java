package io.elanus.segment.column;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Field;
import io.elanus.index.DenseVectors;
import io.elanus.index.Metric;
import io.elanus.index.kernel.ValueType;
import io.elanus.segment.column.ColumnView.ByteVectors;
import io.elanus.segment.column.ColumnView.Lists;
import io.elanus.segment.column.ColumnView.Vectors;
import java.util.Optional;

/// A column of vectors of numbers as the library of indexes sees it.
public final class DenseColumn {
  private DenseColumn() {}

  /// The vectors, without a copy; of lists of vectors those of all rows.
  ///
  /// @param column of vectors that are there: not one of nullable ones, but its values
  ///
  /// @throws io.elanus.common.error.DbException `UNSUPPORTED` when the field has no such vectors
  public static DenseVectors of(ColumnView column, Field field) {
    return switch (column) {
      case Vectors vectors ->
          new DenseVectors(vectors.values(), vectors.rowCount(), vectors.dimension());
      case ByteVectors vectors ->
          new DenseVectors(vectors.values(), vectors.rowCount(), field.dimension(), values(field));
      case Lists lists -> of(lists.elements(), field.element());
      default -> throw noNumbers(field);
    };
  }

  /// The library's name of a metric by which vectors of numbers are compared one by one; empty for others.
  public static Optional<Metric> metric(io.elanus.common.model.Metric metric) {
    return switch (metric) {
      case L2 -> Optional.of(Metric.L2);
      case IP -> Optional.of(Metric.INNER_PRODUCT);
      case COSINE -> Optional.of(Metric.COSINE);
      default -> Optional.empty();
    };
  }

  /// The type of the values of such a field.
  ///
  /// @throws io.elanus.common.error.DbException `UNSUPPORTED` when it has no vectors of numbers
  public static ValueType values(Field field) {
    return switch (field.type()) {
      case FLOAT_VECTOR -> ValueType.FLOAT32;
      case FLOAT16_VECTOR -> ValueType.FLOAT16;
      case BFLOAT16_VECTOR -> ValueType.BFLOAT16;
      case INT8_VECTOR -> ValueType.INT8;
      default -> throw noNumbers(field);
    };
  }

  private static RuntimeException noNumbers(Field field) {
    return ErrorCode.UNSUPPORTED.because(
        "no search of field '%s' of type %s", field.name(), field.type().milvusName());
  }
}
