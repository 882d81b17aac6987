package io.elanus.model;

import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.StructArrayFieldSchema;
import io.elanus.proto.milvus.ValueField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// @param fallback the value of a row that gives none
/// @param parts sub-fields, where it holds structs
record ModelField(
    String name,
    Kind kind,
    boolean isKey,
    boolean isAutoId,
    boolean isNullable,
    Optional<Object> fallback,
    boolean isPartitionKey,
    List<ModelField> parts) {
  /// Of arrays and lists of structs; arrays are drawn with up to three elements.
  static final int MAX_CAPACITY = 8;

  ModelField {
    parts = List.copyOf(parts);
  }

  static ModelField plain(String name, Kind kind) {
    return new ModelField(name, kind, false, false, false, Optional.empty(), false, List.of());
  }

  /// Of one to three sub-fields, one of which may have vectors; nullable or not.
  static ModelField structs(String name, RandomGenerator random) {
    List<ModelField> parts = new ArrayList<>();
    for (int i = random.nextInt(1, 3); i > 0; i--) {
      parts.add(plain("s" + i, Kind.values()[random.nextInt(Kind.JSON.ordinal())]));
    }
    if (random.nextBoolean()) {
      List<Kind> vectors =
          Stream.of(Kind.values()).filter(kind -> kind.isVector() && kind != Kind.SPARSE).toList();
      parts.add(plain("v", vectors.get(random.nextInt(vectors.size()))));
    }
    return new ModelField(
        name, Kind.STRUCTS, false, false, random.nextBoolean(), Optional.empty(), false, parts);
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
        false,
        List.of());
  }

  /// As it is when rows are there that lack it.
  ModelField added() {
    return new ModelField(name, kind, isKey, isAutoId, true, fallback, isPartitionKey, parts);
  }

  /// Structs of this sub-field alone.
  ModelField with(ModelField part) {
    return new ModelField(
        name, kind, isKey, isAutoId, isNullable, fallback, isPartitionKey, List.of(part));
  }

  Object draw(RandomGenerator random) {
    return kind == Kind.STRUCTS ? drawStructs(random) : kind.draw(random);
  }

  /// None now and then, and as many as there may be.
  private List<Map<String, Object>> drawStructs(RandomGenerator random) {
    List<Map<String, Object>> structs = new ArrayList<>();
    int count = random.nextInt(10) == 0 ? MAX_CAPACITY : random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Map<String, Object> struct = new TreeMap<>();
      parts.forEach(part -> struct.put(part.name, part.draw(random)));
      structs.add(struct);
    }
    return structs;
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

  StructArrayFieldSchema structSchema() {
    StructArrayFieldSchema.Builder struct =
        StructArrayFieldSchema.newBuilder().setName(name).setNullable(isNullable);
    for (ModelField part : parts) {
      FieldSchema schema = part.schema();
      struct.addFields(
          schema.toBuilder()
              .setDataType(part.kind.isVector() ? DataType.ArrayOfVector : DataType.Array)
              .setElementType(schema.getDataType())
              .addTypeParams(pair("max_capacity", "" + MAX_CAPACITY)));
    }
    return struct.build();
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
