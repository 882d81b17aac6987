package io.elanus.proxy.schema;

import static io.elanus.common.model.CollectionSchema.MAX_FIELDS;
import static io.elanus.common.model.CollectionSchema.MAX_VECTOR_FIELDS;

import io.elanus.common.model.Field;
import io.elanus.proto.milvus.CollectionSchema;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.StructArrayFieldSchema;
import io.elanus.proxy.Invalid;
import io.elanus.rpc.codec.SchemaCodec;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The rules of a schema, and its completion: ids in declared order, sub-fields of structs behind the fields, then `$meta`
/// when undeclared keys are allowed. Checked in Milvus's order, so that of several mistakes the same one is named.
public final class SchemaCheck {
  public static final int MAX_DESCRIPTION_BYTES = 1024;

  private SchemaCheck() {}

  /// @return the schema as the catalog keeps it
  /// @throws io.elanus.common.error.DbException for the first rule it breaks
  public static CollectionSchema complete(String collectionName, CollectionSchema schema) {
    List<FieldSchema> fields = schema.getFieldsList();
    List<StructArrayFieldSchema> structs = schema.getStructArrayFieldsList();
    checkServed(schema);
    checkCounts(
        Stream.concat(fields.stream(), structs.stream().flatMap(s -> s.getFieldsList().stream()))
            .toList());
    Names.checkCollection(collectionName);
    checkName(collectionName, schema);
    checkPrimaryKey(fields);
    checkPartitionKey(fields);
    checkNotDynamic(fields);
    checkAutoId(fields);
    fields.forEach(field -> FieldCheck.checkType(field));
    structs.forEach(StructCheck::checkTypes);
    fields.forEach(field -> FieldCheck.check(collectionName, field));
    structs.forEach(struct -> StructCheck.check(collectionName, struct));
    checkDuplicates(schema);
    return completed(collectionName, schema);
  }

  /// Under the names the catalog has for them.
  private static Stream<FieldSchema> subFields(CollectionSchema schema) {
    return schema.getStructArrayFieldsList().stream()
        .flatMap(struct -> StructCheck.fields(struct).stream());
  }

  private static void checkServed(CollectionSchema schema) {
    if (schema.getFunctionsCount() > 0) {
      throw Invalid.notServed("function " + schema.getFunctions(0).getName());
    }
    if (!schema.getExternalSource().isEmpty()) {
      throw Invalid.notServed("external collection");
    }
    if (schema.getEnableNamespace()) {
      throw Invalid.notServed("namespace");
    }
  }

  private static void checkCounts(List<FieldSchema> fields) {
    if (fields.size() > MAX_FIELDS) {
      throw Invalid.parameter("maximum field's number should be limited to %d", MAX_FIELDS);
    }
    long vectors = fields.stream().filter(FieldCheck::isVector).count();
    if (vectors > MAX_VECTOR_FIELDS) {
      throw Invalid.parameter(
          "maximum vector field's number should be limited to %d", MAX_VECTOR_FIELDS);
    }
    if (vectors == 0) {
      throw Invalid.parameter("schema does not contain vector field");
    }
  }

  private static void checkName(String collectionName, CollectionSchema schema) {
    if (!schema.getName().isEmpty() && !schema.getName().equals(collectionName)) {
      throw Invalid.parameter(
          "collection name %s does not match schema name %s", collectionName, schema.getName());
    }
    int bytes = schema.getDescription().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_DESCRIPTION_BYTES) {
      throw Invalid.parameter(
          "the length of the collection description should be at most %d bytes, but got %d",
          MAX_DESCRIPTION_BYTES, bytes);
    }
  }

  private static void checkPrimaryKey(List<FieldSchema> fields) {
    List<FieldSchema> keys = fields.stream().filter(FieldSchema::getIsPrimaryKey).toList();
    if (keys.isEmpty()) {
      throw Invalid.parameter("primary key is not specified");
    }
    if (keys.size() > 1) {
      throw Invalid.parameter(
          "there are more than one primary key, field name = %s, %s",
          keys.get(0).getName(), keys.get(1).getName());
    }
    DataType type = keys.getFirst().getDataType();
    if (type != DataType.Int64 && type != DataType.VarChar) {
      throw Invalid.parameter("the data type of primary key should be Int64 or VarChar");
    }
  }

  private static void checkPartitionKey(List<FieldSchema> fields) {
    List<FieldSchema> keys = fields.stream().filter(FieldSchema::getIsPartitionKey).toList();
    if (keys.size() > 1) {
      throw Invalid.parameter(
          "there are more than one partition key, field name = %s, %s",
          keys.get(0).getName(), keys.get(1).getName());
    }
    for (FieldSchema key : keys) {
      if (key.getIsPrimaryKey()) {
        throw Invalid.parameter("the partition key field must not be primary field");
      }
      if (key.getDataType() != DataType.Int64 && key.getDataType() != DataType.VarChar) {
        throw Invalid.parameter("the data type of partition key should be Int64 or VarChar");
      }
    }
  }

  private static void checkNotDynamic(List<FieldSchema> fields) {
    if (fields.stream().anyMatch(FieldSchema::getIsDynamic)) {
      throw Invalid.parameter("cannot explicitly set a field as a dynamic field");
    }
  }

  private static void checkAutoId(List<FieldSchema> fields) {
    for (FieldSchema field : fields) {
      if (field.getAutoID() && !field.getIsPrimaryKey()) {
        throw Invalid.parameter(
            "only primary field can speficy AutoID with true, field name = %s", field.getName());
      }
    }
  }

  private static void checkDuplicates(CollectionSchema schema) {
    Set<String> names = new HashSet<>();
    schema.getFieldsList().forEach(field -> requireNew(names, field.getName()));
    schema.getStructArrayFieldsList().forEach(struct -> requireNew(names, struct.getName()));
    subFields(schema).forEach(field -> requireNew(names, field.getName()));
  }

  private static void requireNew(Set<String> names, String name) {
    if (!names.add(name)) {
      throw Invalid.parameter("duplicated field name %s found", name);
    }
  }

  private static CollectionSchema completed(String name, CollectionSchema schema) {
    CollectionSchema.Builder complete =
        CollectionSchema.newBuilder()
            .setName(name)
            .setDescription(schema.getDescription())
            .setEnableDynamicField(schema.getEnableDynamicField());
    schema.getFieldsList().forEach(field -> complete.addFields(FieldCheck.normalize(field)));
    subFields(schema).forEach(complete::addFields);
    schema
        .getStructArrayFieldsList()
        .forEach(struct -> complete.addStructArrayFields(StructCheck.header(struct)));
    if (schema.getEnableDynamicField()) {
      complete.addFields(dynamicField());
    }
    return SchemaCodec.encode(SchemaCodec.decode(complete.build()).numbered());
  }

  /// `$meta`, without its id.
  public static FieldSchema dynamicField() {
    return FieldSchema.newBuilder()
        .setName(Field.DYNAMIC_NAME)
        .setDescription("dynamic schema")
        .setDataType(DataType.JSON)
        .setIsDynamic(true)
        .build();
  }
}
