package io.elanus.rpc.codec;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DefaultValue;
import io.elanus.common.model.Field;
import io.elanus.common.model.StructField;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.StructArrayFieldSchema;
import io.elanus.proto.milvus.ValueField;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Collection schemas. Inside, all fields travel, `$meta` and the sub-fields of structs among them, and structs without
/// their fields; a client sees what its user declared.
///
/// ```
/// inside     fields: id  v  chunks[text]  chunks[page]  $meta     struct_array_fields: chunks
/// declared   fields: id  v                                        struct_array_fields: chunks (text  page)
/// ```
public final class SchemaCodec {
  private SchemaCodec() {}

  /// As roles and the catalog keep it.
  public static io.elanus.proto.milvus.CollectionSchema encode(CollectionSchema schema) {
    return encode(schema, schema.fields())
        .addAllStructArrayFields(
            schema.structs().stream().map(struct -> encode(struct).build()).toList())
        .build();
  }

  /// As clients see it: without `$meta`, and with the sub-fields of structs where they were declared.
  public static io.elanus.proto.milvus.CollectionSchema encodeDeclared(CollectionSchema schema) {
    List<Field> outside =
        schema.declaredFields().stream().filter(f -> schema.structOf(f).isEmpty()).toList();
    return encode(schema, outside)
        .addAllStructArrayFields(
            schema.structs().stream().map(struct -> encodeDeclared(schema, struct)).toList())
        .build();
  }

  private static StructArrayFieldSchema encodeDeclared(
      CollectionSchema schema, StructField struct) {
    return encode(struct)
        .addAllFields(
            schema.subFields(struct).stream()
                .map(f -> encode(f).toBuilder().setName(struct.shortName(f)).build())
                .toList())
        .build();
  }

  private static StructArrayFieldSchema.Builder encode(StructField struct) {
    return StructArrayFieldSchema.newBuilder()
        .setFieldID(struct.id())
        .setName(struct.name())
        .setDescription(struct.description())
        .setNullable(struct.nullable())
        .addAllTypeParams(encodePairs(struct.typeParams()));
  }

  private static io.elanus.proto.milvus.CollectionSchema.Builder encode(
      CollectionSchema schema, List<Field> fields) {
    return io.elanus.proto.milvus.CollectionSchema.newBuilder()
        .setName(schema.name())
        .setDescription(schema.description())
        .setEnableDynamicField(schema.dynamicEnabled())
        .setVersion(schema.version())
        .addAllFields(fields.stream().map(SchemaCodec::encode).toList());
  }

  public static FieldSchema encode(Field field) {
    FieldSchema.Builder schema = encodeBasics(field);
    field.elementType().ifPresent(type -> schema.setElementType(encode(type)));
    field.defaultValue().ifPresent(value -> schema.setDefaultValue(encode(field, value)));
    return schema.setNullable(field.nullable()).build();
  }

  private static FieldSchema.Builder encodeBasics(Field field) {
    return FieldSchema.newBuilder()
        .setFieldID(field.id())
        .setName(field.name())
        .setDescription(field.description())
        .setDataType(encode(field.type()))
        .setIsPrimaryKey(field.primaryKey())
        .setAutoID(field.autoId())
        .setIsPartitionKey(field.partitionKey())
        .setIsDynamic(field.dynamic())
        .addAllTypeParams(encodePairs(field.typeParams()));
  }

  private static ValueField encode(Field field, DefaultValue value) {
    ValueField.Builder encoded = ValueField.newBuilder();
    switch (value) {
      case DefaultValue.BoolValue(boolean one) -> encoded.setBoolData(one);
      case DefaultValue.IntValue(long one) -> {
        switch (field.type()) {
          case INT64 -> encoded.setLongData(one);
          case TIMESTAMPTZ -> encoded.setTimestamptzData(one);
          default -> encoded.setIntData((int) one);
        }
      }
      case DefaultValue.FloatValue(double one) -> {
        if (field.type() == DataType.FLOAT) {
          encoded.setFloatData((float) one);
        } else {
          encoded.setDoubleData(one);
        }
      }
      case DefaultValue.TextValue(String one) -> encoded.setStringData(one);
    }
    return encoded.build();
  }

  /// What [#encode(CollectionSchema)] made.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for a field of a type there is no name for
  public static CollectionSchema decode(io.elanus.proto.milvus.CollectionSchema schema) {
    return new CollectionSchema(
        schema.getName(),
        schema.getDescription(),
        schema.getFieldsList().stream().map(SchemaCodec::decode).toList(),
        schema.getStructArrayFieldsList().stream().map(SchemaCodec::decode).toList(),
        schema.getVersion());
  }

  /// A struct and its sub-fields, called as fields of the collection are.
  public static StructArrayFieldSchema encode(StructField struct, List<Field> fields) {
    return encode(struct).addAllFields(fields.stream().map(SchemaCodec::encode).toList()).build();
  }

  /// Without its sub-fields.
  public static StructField decode(StructArrayFieldSchema struct) {
    return new StructField(
        struct.getFieldID(),
        struct.getName(),
        struct.getDescription(),
        struct.getNullable(),
        decodePairs(struct.getTypeParamsList()));
  }

  /// As [#decode(io.elanus.proto.milvus.CollectionSchema)].
  public static Field decode(FieldSchema field) {
    return new Field(
        field.getFieldID(),
        field.getName(),
        field.getDescription(),
        decodeType(field),
        field.getIsPrimaryKey(),
        field.getAutoID(),
        field.getIsPartitionKey(),
        field.getIsDynamic(),
        field.getNullable(),
        decodeDefault(field.getDefaultValue()),
        DataType.ofNumber(field.getElementTypeValue()),
        decodePairs(field.getTypeParamsList()));
  }

  private static Optional<DefaultValue> decodeDefault(ValueField value) {
    return switch (value.getDataCase()) {
      case BOOL_DATA -> Optional.of(new DefaultValue.BoolValue(value.getBoolData()));
      case INT_DATA -> Optional.of(new DefaultValue.IntValue(value.getIntData()));
      case LONG_DATA -> Optional.of(new DefaultValue.IntValue(value.getLongData()));
      case TIMESTAMPTZ_DATA -> Optional.of(new DefaultValue.IntValue(value.getTimestamptzData()));
      case FLOAT_DATA -> Optional.of(new DefaultValue.FloatValue(value.getFloatData()));
      case DOUBLE_DATA -> Optional.of(new DefaultValue.FloatValue(value.getDoubleData()));
      case STRING_DATA -> Optional.of(new DefaultValue.TextValue(value.getStringData()));
      case BYTES_DATA, DATA_NOT_SET -> Optional.empty();
    };
  }

  private static DataType decodeType(FieldSchema field) {
    int number = field.getDataTypeValue();
    return DataType.ofNumber(number)
        .orElseThrow(() ->
            ErrorCode.INVALID_PARAMETER.because(
                "unsupported data type: %d of field %s", number, field.getName()));
  }

  /// The type by its name on the wire.
  public static io.elanus.proto.milvus.DataType encode(DataType type) {
    return io.elanus.proto.milvus.DataType.forNumber(type.number());
  }

  /// Pairs in the order of `map`.
  public static List<KeyValuePair> encodePairs(Map<String, String> map) {
    return map.entrySet().stream()
        .map(e -> KeyValuePair.newBuilder().setKey(e.getKey()).setValue(e.getValue()).build())
        .toList();
  }

  /// Of a key that comes twice, the last value counts.
  public static Map<String, String> decodePairs(List<KeyValuePair> pairs) {
    Map<String, String> map = new TreeMap<>();
    pairs.forEach(pair -> map.put(pair.getKey(), pair.getValue()));
    return map;
  }
}
