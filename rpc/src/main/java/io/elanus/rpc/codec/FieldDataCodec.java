package io.elanus.rpc.codec;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Column;
import io.elanus.common.model.Columns;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.NullableColumn;
import io.elanus.proto.milvus.FieldData;
import java.util.List;
import java.util.stream.IntStream;

/// Columns of rows. Decoding checks that the values have the form the field asks for; their lengths,
/// ranges, NaN and JSON are the proxy's to check. Error texts are Milvus's.
///
/// ```
/// rows             7     null  9
/// valid_data       true  false true
/// scalars, sent    7  9               or as they are returned: 7 0 9
/// vectors          7  9                    arrays of vectors are returned as scalars are
/// ```
public final class FieldDataCodec {
  private FieldDataCodec() {}

  /// Scalars and arrays of vectors in full length, vectors without gaps.
  public static FieldData encode(Field field, Column column) {
    FieldData.Builder data =
        FieldData.newBuilder()
            .setType(SchemaCodec.encode(field.type()))
            .setFieldName(field.name())
            .setFieldId(field.id())
            .setIsDynamic(field.dynamic());
    if (!(column instanceof NullableColumn nullable)) {
      return encodeValues(field, column, data);
    }
    for (boolean valid : nullable.valid()) {
      data.addValidData(valid);
    }
    boolean compact = field.type().isVector() && field.type() != DataType.ARRAY_OF_VECTOR;
    return encodeValues(field, compact ? nullable.values() : inFullLength(field, nullable), data);
  }

  private static FieldData encodeValues(Field field, Column values, FieldData.Builder data) {
    return field.type().isVector()
        ? data.setVectors(VectorCodec.encode(field, values)).build()
        : data.setScalars(ScalarCodec.encode(field, values)).build();
  }

  /// Rows that are null have an empty value in it.
  private static Column inFullLength(Field field, NullableColumn column) {
    Column values = column.values();
    int gap = values.rowCount();
    int[] ranks = column.ranks();
    int[] places =
        IntStream.range(0, ranks.length)
            .map(row -> column.valid()[row] ? ranks[row] : gap)
            .toArray();
    return Columns.concat(List.of(values, Columns.zero(field))).select(places);
  }

  /// The column; with `valid_data`, or of a field that may be null, a [NullableColumn].
  ///
  /// @throws DbException `INVALID_PARAMETER` when the values are of another type or dimension than
  ///     `field`, or do not fit `valid_data`
  public static Column decode(Field field, FieldData data) {
    if (data.getValidDataCount() > 0 && !field.optional()) {
      throw wrongValidData(field, 0, data.getValidDataCount());
    }
    Column values =
        field.type().isVector()
            ? VectorCodec.decode(field, data.getVectors())
            : ScalarCodec.decode(field, data.getScalars());
    if (data.getValidDataCount() > 0) {
      return nullable(field, values, data);
    }
    return field.nullable() ? NullableColumn.allValid(values) : values;
  }

  private static NullableColumn nullable(Field field, Column values, FieldData data) {
    boolean[] valid = new boolean[data.getValidDataCount()];
    for (int row = 0; row < valid.length; row++) {
      valid[row] = data.getValidData(row);
    }
    int count = NullableColumn.count(valid);
    if (values.rowCount() == count) {
      return new NullableColumn(values, valid);
    }
    if (values.rowCount() != valid.length) {
      throw wrongValidData(field, values.rowCount(), count);
    }
    int[] rows = IntStream.range(0, valid.length).filter(row -> valid[row]).toArray();
    return new NullableColumn(values.select(rows), valid);
  }

  private static DbException wrongValidData(Field field, int expected, int actual) {
    return invalid(
        expected, actual, "the length of valid_data of field(%s) is wrong".formatted(field.name()));
  }

  static DbException invalid(Object expected, Object actual, String message) {
    DbException cause = ErrorCode.INVALID_PARAMETER.with("expected", expected, "actual", actual);
    return new DbException(ErrorCode.INVALID_PARAMETER, message + ": " + cause.text());
  }

  /// Values of another kind than the field's, or none where they have to be.
  static DbException mismatch(Field field, String form) {
    String kind =
        switch (field.type()) {
          case VARCHAR -> "varchar ";
          case TEXT -> "text ";
          case JSON -> "json ";
          case ARRAY -> "array ";
          case GEOMETRY -> "geometry ";
          case FLOAT_VECTOR -> "float vector ";
          case BINARY_VECTOR -> "binary vector ";
          case FLOAT16_VECTOR -> "float16 vector ";
          case BFLOAT16_VECTOR -> "bfloat16 vector ";
          case SPARSE_FLOAT_VECTOR -> "sparse float vector ";
          case INT8_VECTOR -> "int8 vector ";
          case ARRAY_OF_VECTOR -> "array of vector ";
          case BOOL, INT8, INT16, INT32, INT64, FLOAT, DOUBLE, TIMESTAMPTZ -> "";
        };
    return invalid(
        "need " + form,
        "got nil",
        "%sfield '%s' is illegal, array type mismatch".formatted(kind, field.name()));
  }
}
