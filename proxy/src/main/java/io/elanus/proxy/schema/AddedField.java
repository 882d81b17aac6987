package io.elanus.proxy.schema;

import io.elanus.common.model.CollectionSchema;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.StructArrayFieldSchema;
import io.elanus.proxy.Invalid;

/// The rules of a field that a collection gets when it has rows already.
public final class AddedField {
  private AddedField() {}

  /// The field as the catalog keeps it, but for its id.
  ///
  /// @throws io.elanus.common.error.DbException as [#check]
  public static FieldSchema complete(
      String collection, CollectionSchema schema, FieldSchema field) {
    check(collection, schema, field);
    return FieldCheck.normalize(field).build();
  }

  /// The struct as the catalog keeps it, but for ids, with its sub-fields.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`, `FIELD_INVALID_NAME`
  public static StructArrayFieldSchema complete(
      String collection, CollectionSchema schema, StructArrayFieldSchema struct) {
    if (schema.declaredFields().size() + struct.getFieldsCount() > CollectionSchema.MAX_FIELDS) {
      throw Invalid.parameter(
          "The number of fields has reached the maximum value %d", CollectionSchema.MAX_FIELDS);
    }
    long vectors = struct.getFieldsList().stream().filter(FieldCheck::isVector).count();
    if (vectors > 0 && schema.vectorCount() + vectors > CollectionSchema.MAX_VECTOR_FIELDS) {
      throw Invalid.parameter(
          "maximum vector field's number should be limited to %d",
          CollectionSchema.MAX_VECTOR_FIELDS);
    }
    if (!struct.getNullable()) {
      throw Invalid.parameter(
          "added field must be nullable, please check it, field name = %s", struct.getName());
    }
    if (schema.has(struct.getName())) {
      throw Invalid.parameter("duplicate field name: %s", struct.getName());
    }
    StructCheck.checkTypes(struct);
    StructCheck.check(collection, struct);
    StructCheck.checkDuplicates(struct);
    return StructCheck.complete(struct);
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`, `FIELD_INVALID_NAME`
  static void check(String collection, CollectionSchema schema, FieldSchema field) {
    String name = field.getName();
    if (schema.declaredFields().size() >= CollectionSchema.MAX_FIELDS) {
      throw Invalid.parameter(
          "The number of fields has reached the maximum value %d", CollectionSchema.MAX_FIELDS);
    }
    if (FieldCheck.isVector(field) && schema.vectorCount() >= CollectionSchema.MAX_VECTOR_FIELDS) {
      throw Invalid.parameter(
          "maximum vector field's number should be limited to %d",
          CollectionSchema.MAX_VECTOR_FIELDS);
    }
    if (field.getIsPrimaryKey()) {
      throw Invalid.parameter("not support to add pk field, field name = %s", name);
    }
    if (field.getAutoID()) {
      throw Invalid.parameter(
          "only primary field can speficy AutoID with true, field name = %s", name);
    }
    if (field.getIsPartitionKey()) {
      throw Invalid.parameter("not support to add partition key field, field name  = %s", name);
    }
    if (!field.getNullable()) {
      throw Invalid.parameter(
          "added field must be nullable, please check it, field name = %s", name);
    }
    if (schema.has(name)) {
      throw Invalid.parameter("duplicate field name: %s", name);
    }
    FieldCheck.checkType(field);
    FieldCheck.check(collection, field);
  }
}
