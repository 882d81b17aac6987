package io.elanus.model;

import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.ValueField;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// @param fallback the value of a row that gives none
record ModelField(
    String name,
    Kind kind,
    boolean isKey,
    boolean isAutoId,
    boolean isNullable,
    Optional<Object> fallback,
    boolean isPartitionKey) {
  /// Of arrays; they are drawn with up to three elements.
  static final int MAX_CAPACITY = 8;

  static ModelField plain(String name, Kind kind) {
    return new ModelField(name, kind, false, false, false, Optional.empty(), false);
  }

  /// Nullable, or with a default value, or both, or neither.
  static ModelField drawn(String name, Kind kind, RandomGenerator random) {
    boolean mayFallBack = kind.ordinal() <= Kind.VARCHAR.ordinal();
    return new ModelField(
        name,
        kind,
        false,
        false,
        random.nextBoolean(),
        mayFallBack && random.nextInt(3) == 0 ? Optional.of(kind.draw(random)) : Optional.empty(),
        false);
  }

  /// Whether a row may lack it.
  boolean isOptional() {
    return isNullable || fallback.isPresent();
  }

  FieldSchema schema() {
    FieldSchema.Builder field =
        FieldSchema.newBuilder()
            .setName(name)
            .setDataType(kind.wire)
            .setIsPrimaryKey(isKey)
            .setAutoID(isAutoId)
            .setNullable(isNullable)
            .setIsPartitionKey(isPartitionKey);
    if (kind == Kind.VARCHAR) {
      field.addTypeParams(pair("max_length", "20"));
    }
    if (kind.isArray()) {
      field.setElementType(kind.element()).addTypeParams(pair("max_capacity", "" + MAX_CAPACITY));
      if (kind == Kind.TEXT_ARRAY) {
        field.addTypeParams(pair("max_length", "20"));
      }
    }
    if (kind.isVector() && kind != Kind.SPARSE) {
      field.addTypeParams(pair("dim", "" + Kind.DIMENSION));
    }
    fallback.ifPresent(value -> field.setDefaultValue(wire(value)));
    return field.build();
  }

  private ValueField wire(Object value) {
    ValueField.Builder field = ValueField.newBuilder();
    switch (kind) {
      case BOOL -> field.setBoolData((Boolean) value);
      case INT8, INT16, INT32 -> field.setIntData(((Long) value).intValue());
      case INT64 -> field.setLongData((Long) value);
      case FLOAT -> field.setFloatData((Float) value);
      case DOUBLE -> field.setDoubleData((Double) value);
      default -> field.setStringData((String) value);
    }
    return field.build();
  }

  static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }
}
