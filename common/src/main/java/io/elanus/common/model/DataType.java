package io.elanus.common.model;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The type of a field, by the number Milvus gives it (`schema.proto`, `DataType`).
public enum DataType {
  BOOL(1, "Bool"),
  INT8(2, "Int8"),
  INT16(3, "Int16"),
  INT32(4, "Int32"),
  INT64(5, "Int64"),
  FLOAT(10, "Float"),
  DOUBLE(11, "Double"),
  VARCHAR(21, "VarChar"),
  ARRAY(22, "Array"),
  JSON(23, "JSON"),
  GEOMETRY(24, "Geometry"),
  TEXT(25, "Text"),
  TIMESTAMPTZ(26, "Timestamptz"),
  BINARY_VECTOR(100, "BinaryVector"),
  FLOAT_VECTOR(101, "FloatVector"),
  FLOAT16_VECTOR(102, "Float16Vector"),
  BFLOAT16_VECTOR(103, "BFloat16Vector"),
  SPARSE_FLOAT_VECTOR(104, "SparseFloatVector"),
  INT8_VECTOR(105, "Int8Vector");

  private static final Map<Integer, DataType> BY_NUMBER =
      Stream.of(values())
          .collect(Collectors.toUnmodifiableMap(DataType::number, Function.identity()));

  private final int number;
  private final String milvusName;

  DataType(int number, String milvusName) {
    this.number = number;
    this.milvusName = milvusName;
  }

  public int number() {
    return number;
  }

  /// As Milvus writes it in messages.
  public String milvusName() {
    return milvusName;
  }

  public boolean isVector() {
    return number >= 100 && number <= 106;
  }

  public static Optional<DataType> ofNumber(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }
}
