package io.elanus.proxy.schema;

import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proxy.Invalid;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The rules of one field.
final class FieldCheck {
  static final int MIN_DIMENSION = 2;
  static final int MAX_DIMENSION = 32768;
  static final int MAX_BINARY_DIMENSION = 262144;
  static final int MAX_CAPACITY = 4096;
  static final int MAX_VARCHAR_BYTES = 65535;

  private static final Set<DataType> SERVED =
      Set.of(
          DataType.Bool,
          DataType.Int8,
          DataType.Int16,
          DataType.Int32,
          DataType.Int64,
          DataType.Float,
          DataType.Double,
          DataType.VarChar,
          DataType.Text,
          DataType.JSON,
          DataType.Array,
          DataType.Geometry,
          DataType.Timestamptz,
          DataType.BinaryVector,
          DataType.FloatVector,
          DataType.Float16Vector,
          DataType.BFloat16Vector,
          DataType.SparseFloatVector,
          DataType.Int8Vector);

  private static final Set<DataType> ELEMENTS =
      Set.of(
          DataType.Bool,
          DataType.Int8,
          DataType.Int16,
          DataType.Int32,
          DataType.Int64,
          DataType.Float,
          DataType.Double,
          DataType.VarChar);

  private static final String CAPACITY = "max_capacity";

  /// Spellings some SDKs use, and ours.
  private static final Map<String, String> PARAM_NAMES = Map.of("mmap_enabled", "mmap.enabled");

  private FieldCheck() {}

  static boolean isVector(FieldSchema field) {
    int number = field.getDataTypeValue();
    return number >= DataType.BinaryVector_VALUE && number <= DataType.ArrayOfVector_VALUE;
  }

  static void checkType(FieldSchema field) {
    switch (field.getDataType()) {
      case None, UNRECOGNIZED -> throw Invalid.parameter("data type None is not valid");
      case String ->
          throw Invalid.parameter(
              "string data type not supported yet, please use VarChar type instead");
      case ArrayOfVector ->
          throw Invalid.parameter(
              "array of vector can only be in the struct array field, field name: %s",
              field.getName());
      default -> {
        if (!SERVED.contains(field.getDataType())) {
          throw Invalid.notServed(
              "data type %s of field %s".formatted(field.getDataType(), field.getName()));
        }
      }
    }
  }

  static void check(String collection, FieldSchema field) {
    Names.checkField(field.getName());
    checkServed(field);
    checkNullable(field);
    DefaultCheck.check(field);
    switch (field.getDataType()) {
      case FloatVector, Float16Vector, BFloat16Vector, Int8Vector ->
          checkDimension(field, MAX_DIMENSION, "float");
      case BinaryVector -> checkDimension(field, MAX_BINARY_DIMENSION, "binary");
      case SparseFloatVector -> checkNoDimension(field);
      case VarChar -> checkMaxLength(collection, field);
      case Array -> checkArray(collection, field);
      case ArrayOfVector -> checkVectors(collection, field);
      default -> {}
    }
  }

  private static void checkServed(FieldSchema field) {
    if (field.getIsPartitionKey() && field.getNullable()) {
      throw Invalid.parameter("partition key field not support nullable");
    }
    refuse(field, field.getIsClusteringKey(), "clustering key");
    refuse(field, field.getIsFunctionOutput(), "function output");
    refuse(field, isTrue(field, "enable_match"), "enable_match");
    refuse(field, isTrue(field, "enable_analyzer"), "enable_analyzer");
  }

  private static void checkNullable(FieldSchema field) {
    if (field.getIsPrimaryKey() && field.getNullable()) {
      throw Invalid.parameter("primary field not support null");
    }
  }

  private static void refuse(FieldSchema field, boolean used, String feature) {
    if (used) {
      throw Invalid.notServed("%s of field %s".formatted(feature, field.getName()));
    }
  }

  private static boolean isTrue(FieldSchema field, String name) {
    return param(field, name).filter(value -> value.equalsIgnoreCase("true")).isPresent();
  }

  private static void checkDimension(FieldSchema field, int max, String kind) {
    String text =
        param(field, "dim")
            .orElseThrow(() ->
                Invalid.parameter(
                    "dimension is not defined in field type params of field %s, "
                        + "check type param `dim` for vector field",
                    field.getName()));
    long dimension = number(field, "dim", text);
    if (dimension < MIN_DIMENSION) {
      throw Invalid.parameter(
          "invalid dimension: %d. should be in range %d ~ %d", dimension, MIN_DIMENSION, max);
    }
    if (field.getDataType() == DataType.BinaryVector && dimension % Byte.SIZE != 0) {
      throw Invalid.parameter(
          "invalid dimension: %d of field %s. binary vector dimension should be multiple of 8. ",
          dimension, field.getName());
    }
    if (dimension > max) {
      throw Invalid.parameter(
          "invalid dimension: %d of field %s. %s vector dimension should be in range %d ~ %d",
          dimension, field.getName(), kind, MIN_DIMENSION, max);
    }
  }

  private static void checkNoDimension(FieldSchema field) {
    if (param(field, "dim").isPresent()) {
      throw Invalid.parameter(
          "dim should not be specified for sparse vector field %s(%d)",
          field.getName(), field.getFieldID());
    }
  }

  private static void checkMaxLength(String collection, FieldSchema field) {
    String text =
        param(field, "max_length")
            .orElseThrow(() ->
                Invalid.parameter(
                    "type param(max_length) should be specified for varChar field(%s)"
                        + " of collection %s",
                    field.getName(), collection));
    long length = number(field, "max_length", text);
    if (length < 1 || length > MAX_VARCHAR_BYTES) {
      throw Invalid.parameter(
          "the maximum length specified for a VarChar field(%s) should be in (0, %d],"
              + " but got %d instead",
          field.getName(), MAX_VARCHAR_BYTES, length);
    }
  }

  private static void checkArray(String collection, FieldSchema field) {
    if (!ELEMENTS.contains(field.getElementType())) {
      throw Invalid.parameter("element type %s is not supported", field.getElementType().name());
    }
    if (field.getElementType() == DataType.VarChar) {
      checkMaxLength(collection, field);
    }
    checkCapacity(collection, field);
  }

  /// The vectors of an array keep the rules of a field of their type.
  private static void checkVectors(String collection, FieldSchema field) {
    FieldSchema element = field.toBuilder().setDataTypeValue(field.getElementTypeValue()).build();
    switch (field.getElementType()) {
      case FloatVector, Float16Vector, BFloat16Vector, Int8Vector ->
          checkDimension(element, MAX_DIMENSION, "float");
      case BinaryVector -> checkDimension(element, MAX_BINARY_DIMENSION, "binary");
      default ->
          throw Invalid.parameter(
              "Unsupported element type %s of ArrayOfVector field %s,"
                  + " only fixed dimension vector types are supported",
              field.getElementType(), field.getName());
    }
    checkCapacity(collection, field);
  }

  private static void checkCapacity(String collection, FieldSchema field) {
    if (param(field, CAPACITY).isEmpty()) {
      throw Invalid.parameter(
          "type param(max_capacity) should be specified for array field(%s) of collection %s",
          field.getName(), collection);
    }
    long capacity = capacity(field);
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw Invalid.parameter(
          "the maximum capacity specified for a Array should be in (0, %d]", MAX_CAPACITY);
    }
  }

  /// Of an array that says it.
  static long capacity(FieldSchema field) {
    return number(field, CAPACITY, param(field, CAPACITY).orElseThrow());
  }

  static long number(FieldSchema field, String name, String text) {
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException _) {
      throw Invalid.parameter(
          "the value for %s of field %s must be an integer, but got %s",
          name, field.getName(), text);
    }
  }

  static Optional<String> param(FieldSchema field, String name) {
    return field.getTypeParamsList().stream()
        .filter(pair -> pair.getKey().equals(name))
        .map(KeyValuePair::getValue)
        .findFirst();
  }

  /// The field with its parameters under our names, and nothing that only a server sets. Types that nobody knows stay
  /// the numbers they are.
  static FieldSchema.Builder normalize(FieldSchema field) {
    FieldSchema.Builder normal =
        FieldSchema.newBuilder()
            .setName(field.getName())
            .setDescription(field.getDescription())
            .setDataTypeValue(field.getDataTypeValue())
            .setIsPrimaryKey(field.getIsPrimaryKey())
            .setAutoID(field.getAutoID())
            .setIsPartitionKey(field.getIsPartitionKey())
            .setElementTypeValue(field.getElementTypeValue())
            .setNullable(field.getNullable());
    if (field.hasDefaultValue()) {
      normal.setDefaultValue(DefaultCheck.normalize(field));
    }
    field.getTypeParamsList().stream().map(FieldCheck::normalize).forEach(normal::addTypeParams);
    return normal;
  }

  /// A parameter under our name.
  static KeyValuePair normalize(KeyValuePair param) {
    return param.toBuilder()
        .setKey(PARAM_NAMES.getOrDefault(param.getKey(), param.getKey()))
        .build();
  }
}
