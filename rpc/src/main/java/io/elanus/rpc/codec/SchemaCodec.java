package io.elanus.rpc.codec;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.KeyValuePair;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Collection schemas. Inside, all fields travel, `$meta` among them; a client sees what its user declared.
public final class SchemaCodec {
  private SchemaCodec() {}

  /// As roles and the catalog keep it.
  public static io.elanus.proto.milvus.CollectionSchema encode(CollectionSchema schema) {
    return encode(schema, schema.fields());
  }

  /// As clients see it: without `$meta`.
  public static io.elanus.proto.milvus.CollectionSchema encodeDeclared(CollectionSchema schema) {
    return encode(schema, schema.declaredFields());
  }

  private static io.elanus.proto.milvus.CollectionSchema encode(
      CollectionSchema schema, List<Field> fields) {
    return io.elanus.proto.milvus.CollectionSchema.newBuilder()
        .setName(schema.name())
        .setDescription(schema.description())
        .setEnableDynamicField(schema.dynamicEnabled())
        .setVersion(schema.version())
        .addAllFields(fields.stream().map(SchemaCodec::encode).toList())
        .build();
  }

  private static FieldSchema encode(Field field) {
    return FieldSchema.newBuilder()
        .setFieldID(field.id())
        .setName(field.name())
        .setDescription(field.description())
        .setDataType(encode(field.type()))
        .setIsPrimaryKey(field.primaryKey())
        .setAutoID(field.autoId())
        .setIsPartitionKey(field.partitionKey())
        .setIsDynamic(field.dynamic())
        .addAllTypeParams(encodePairs(field.typeParams()))
        .build();
  }

  /// What [#encode(CollectionSchema)] made, or what a client sent once it is checked.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for a field of a type there is no name for
  public static CollectionSchema decode(io.elanus.proto.milvus.CollectionSchema schema) {
    return new CollectionSchema(
        schema.getName(),
        schema.getDescription(),
        schema.getFieldsList().stream().map(SchemaCodec::decode).toList(),
        schema.getVersion());
  }

  private static Field decode(FieldSchema field) {
    return new Field(
        field.getFieldID(),
        field.getName(),
        field.getDescription(),
        decodeType(field),
        field.getIsPrimaryKey(),
        field.getAutoID(),
        field.getIsPartitionKey(),
        field.getIsDynamic(),
        decodePairs(field.getTypeParamsList()));
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
