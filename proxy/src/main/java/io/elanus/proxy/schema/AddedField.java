package io.elanus.proxy.schema;

import io.elanus.common.model.CollectionSchema;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proxy.Invalid;

/// The rules of a field that a collection gets when it has rows already.
public final class AddedField {
  private AddedField() {}

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`, `FIELD_INVALID_NAME`
  public static void check(String collection, CollectionSchema schema, FieldSchema field) {
    String name = field.getName();
    if (schema.declaredFields().size() >= SchemaCheck.MAX_FIELDS) {
      throw Invalid.parameter(
          "The number of fields has reached the maximum value %d", SchemaCheck.MAX_FIELDS);
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
    if (schema.field(name).isPresent()) {
      throw Invalid.parameter("duplicate field name: %s", name);
    }
    FieldCheck.checkType(field);
    FieldCheck.check(collection, field);
  }
}
