package io.elanus.common.model;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The type of a field, by the number Milvus gives it (`schema.proto`, `DataType`).
public enum DataType {
  BOOL(1, "Bool", ColumnForm.BOOL),
  INT8(2, "Int8", ColumnForm.INT32),
  INT16(3, "Int16", ColumnForm.INT32),
  INT32(4, "Int32", ColumnForm.INT32),
  INT64(5, "Int64", ColumnForm.INT64),
  FLOAT(10, "Float", ColumnForm.FLOAT),
  DOUBLE(11, "Double", ColumnForm.DOUBLE),
  VARCHAR(21, "VarChar", ColumnForm.TEXT),
  ARRAY(22, "Array", ColumnForm.LIST),
  /// UTF-8.
  JSON(23, "JSON", ColumnForm.BYTES),
  /// Well-known binary, little-endian.
  GEOMETRY(24, "Geometry", ColumnForm.BYTES),
  TEXT(25, "Text", ColumnForm.TEXT),
  /// Microseconds since 1970, UTC.
  TIMESTAMPTZ(26, "Timestamptz", ColumnForm.INT64),
  /// One bit a dimension.
  BINARY_VECTOR(100, "BinaryVector", ColumnForm.BYTE_VECTOR),
  FLOAT_VECTOR(101, "FloatVector", ColumnForm.FLOAT_VECTOR),
  /// Two bytes a dimension, little-endian.
  FLOAT16_VECTOR(102, "Float16Vector", ColumnForm.BYTE_VECTOR),
  /// Two bytes a dimension, little-endian.
  BFLOAT16_VECTOR(103, "BFloat16Vector", ColumnForm.BYTE_VECTOR),
  /// Pairs of an unsigned index and a float, 4 bytes each, little-endian, by ascending index.
  SPARSE_FLOAT_VECTOR(104, "SparseFloatVector", ColumnForm.BYTES),
  /// One byte a dimension.
  INT8_VECTOR(105, "Int8Vector", ColumnForm.BYTE_VECTOR),
  ARRAY_OF_VECTOR(106, "ArrayOfVector", ColumnForm.LIST);

  private static final Map<Integer, DataType> BY_NUMBER =
      Stream.of(values())
          .collect(Collectors.toUnmodifiableMap(DataType::number, Function.identity()));

  private final int number;
  private final String milvusName;
  private final ColumnForm form;

  DataType(int number, String milvusName, ColumnForm form) {
    this.number = number;
    this.milvusName = milvusName;
    this.form = form;
  }

  public int number() {
    return number;
  }

  /// As Milvus writes it in messages.
  public String milvusName() {
    return milvusName;
  }

  public ColumnForm form() {
    return form;
  }

  public boolean isVector() {
    return number >= 100 && number <= 106;
  }

  public static Optional<DataType> ofNumber(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }
}
