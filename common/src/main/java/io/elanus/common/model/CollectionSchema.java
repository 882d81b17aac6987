package io.elanus.common.model;

import io.elanus.common.error.ErrorCode;
import java.util.List;
import java.util.Optional;

/// The fields of a collection, user fields in declared order, then `$meta` when undeclared keys are
/// allowed. Validity (one primary key, a vector, limits) is checked where a schema comes in, at the proxy.
public record CollectionSchema(String name, String description, List<Field> fields, int version) {
  public CollectionSchema {
    fields = List.copyOf(fields);
  }

  public Field primaryKey() {
    return fields.stream().filter(Field::primaryKey).findFirst().orElseThrow();
  }

  /// The field by whose values rows are divided among partitions.
  public Optional<Field> partitionKey() {
    return fields.stream().filter(Field::partitionKey).findFirst();
  }

  public Optional<Field> dynamicField() {
    return fields.stream().filter(Field::dynamic).findFirst();
  }

  public boolean dynamicEnabled() {
    return dynamicField().isPresent();
  }

  /// What the user declared: everything but `$meta`.
  public List<Field> declaredFields() {
    return fields.stream().filter(f -> !f.dynamic()).toList();
  }

  public List<Field> vectorFields() {
    return fields.stream().filter(f -> f.type().isVector()).toList();
  }

  public Optional<Field> field(String fieldName) {
    return fields.stream().filter(f -> f.name().equals(fieldName)).findFirst();
  }

  public Optional<Field> field(long id) {
    return fields.stream().filter(f -> f.id() == id).findFirst();
  }

  /// @throws io.elanus.common.error.DbException `FIELD_NOT_FOUND`
  public Field requireField(String fieldName) {
    return field(fieldName).orElseThrow(() -> ErrorCode.FIELD_NOT_FOUND.with("field", fieldName));
  }

  /// @throws io.elanus.common.error.DbException `FIELD_NOT_FOUND`
  public Field requireField(long id) {
    return field(id).orElseThrow(() -> ErrorCode.FIELD_NOT_FOUND.with("fieldID", id));
  }
}
