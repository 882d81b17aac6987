package io.elanus.proxy.schema;

import io.elanus.common.model.StructField;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.StructArrayFieldSchema;
import io.elanus.proxy.Invalid;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The rules of a field of structs: sub-fields are arrays, or arrays of vectors, of one capacity. Whether a row may come
/// without it the struct says for all of them.
final class StructCheck {
  private StructCheck() {}

  static void checkTypes(StructArrayFieldSchema struct) {
    for (FieldSchema field : struct.getFieldsList()) {
      if (field.getIsPrimaryKey()) {
        throw notAllowed("primary key", field);
      }
      if (field.getAutoID()) {
        throw notAllowed("autoID", field);
      }
      if (field.getIsPartitionKey()) {
        throw notAllowed("partition key", field);
      }
      if (field.getDataType() != DataType.Array && field.getDataType() != DataType.ArrayOfVector) {
        throw Invalid.parameter(
            "fields in StructArrayField must be Array or ArrayOfVector, field name = %s,"
                + " field type = %s",
            field.getName(), field.getDataType());
      }
    }
  }

  private static RuntimeException notAllowed(String feature, FieldSchema field) {
    return Invalid.parameter(
        "%s is not supported for struct field, field name = %s", feature, field.getName());
  }

  static void check(String collection, StructArrayFieldSchema struct) {
    Names.checkField(struct.getName());
    if (struct.getFieldsCount() == 0) {
      throw Invalid.parameter("struct array field %s has no sub-fields", struct.getName());
    }
    struct.getFieldsList().forEach(field -> FieldCheck.check(collection, field));
    checkCapacities(struct);
    for (FieldSchema field : struct.getFieldsList()) {
      if (field.getNullable() && !struct.getNullable()) {
        throw Invalid.parameter(
            "sub-field in non-nullable struct cannot be nullable individually, set nullable on the"
                + " struct instead: structName=%s, subFieldName=%s",
            struct.getName(), field.getName());
      }
    }
  }

  private static void checkCapacities(StructArrayFieldSchema struct) {
    long expected = FieldCheck.capacity(struct.getFields(0));
    for (FieldSchema field : struct.getFieldsList()) {
      long capacity = FieldCheck.capacity(field);
      if (capacity != expected) {
        throw Invalid.parameter(
            "all sub-fields in struct array field must have the same max_capacity: structName=%s,"
                + " subFieldName=%s, max_capacity=%d, expected=%d",
            struct.getName(), field.getName(), capacity, expected);
      }
    }
  }

  static void checkDuplicates(StructArrayFieldSchema struct) {
    Set<String> names = new HashSet<>();
    for (FieldSchema field : fields(struct)) {
      if (!names.add(field.getName())) {
        throw Invalid.parameter("duplicated field name %s found", field.getName());
      }
    }
  }

  /// The struct with its fields, under the names the catalog has for them.
  static StructArrayFieldSchema complete(StructArrayFieldSchema struct) {
    return header(struct).toBuilder().addAllFields(fields(struct)).build();
  }

  /// The struct without its fields, as the catalog keeps it.
  static StructArrayFieldSchema header(StructArrayFieldSchema struct) {
    StructArrayFieldSchema.Builder header =
        StructArrayFieldSchema.newBuilder()
            .setName(struct.getName())
            .setDescription(struct.getDescription())
            .setNullable(struct.getNullable());
    struct.getTypeParamsList().stream().map(FieldCheck::normalize).forEach(header::addTypeParams);
    return header.build();
  }

  /// Its fields, as the catalog keeps them: under names that say whose they are.
  static List<FieldSchema> fields(StructArrayFieldSchema struct) {
    return struct.getFieldsList().stream()
        .map(field ->
            FieldCheck.normalize(field)
                .setName(StructField.nameOf(struct.getName(), field.getName()))
                .setNullable(struct.getNullable())
                .build())
        .toList();
  }
}
