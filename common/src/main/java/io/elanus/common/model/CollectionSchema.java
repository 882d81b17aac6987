package io.elanus.common.model;

import io.elanus.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The fields of a collection, user fields in declared order, then `$meta` when undeclared keys are
/// allowed. Validity (one primary key, a vector, limits) is checked where a schema comes in, at the proxy.
///
/// @param version grows with every field that is added. A field that is there stays, and no id is used twice
public record CollectionSchema(String name, String description, List<Field> fields, int version) {
  /// Fields a user may declare.
  public static final int MAX_FIELDS = 64;

  public static final int MAX_VECTOR_FIELDS = 10;

  public CollectionSchema {
    fields = List.copyOf(fields);
  }

  /// With a field that rows may come without: behind those there are, but before `$meta`. One that is there
  /// already changes nothing.
  public CollectionSchema with(Field added) {
    if (field(added.id()).isPresent()) {
      return this;
    }
    List<Field> all = new ArrayList<>(fields);
    boolean last = added.dynamic() || !dynamicEnabled();
    all.add(last ? all.size() : all.size() - 1, added);
    return new CollectionSchema(name, description, all, version + 1);
  }

  /// The id of the next field.
  public long nextFieldId() {
    return fields.stream().mapToLong(Field::id).max().orElse(Field.FIRST_ID - 1) + 1;
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
