package io.elanus.common.model;

import io.elanus.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/// The fields of a collection, user fields in declared order, then `$meta` when undeclared keys are
/// allowed. Validity (one primary key, a vector, limits) is checked where a schema comes in, at the proxy.
///
/// @param fields with those that are sub-fields of structs
/// @param structs whose sub-fields are among `fields`
/// @param version grows with every field that is added. A field that is there stays, and no id is used twice
public record CollectionSchema(
    String name, String description, List<Field> fields, List<StructField> structs, int version) {
  /// Fields a user may declare.
  public static final int MAX_FIELDS = 64;

  public static final int MAX_VECTOR_FIELDS = 10;

  public CollectionSchema {
    fields = List.copyOf(fields);
    structs = List.copyOf(structs);
  }

  /// Without structs.
  public CollectionSchema(String name, String description, List<Field> fields, int version) {
    this(name, description, fields, List.of(), version);
  }

  public CollectionSchema called(String newName) {
    return new CollectionSchema(newName, description, fields, structs, version);
  }

  public CollectionSchema described(String newDescription) {
    return new CollectionSchema(name, newDescription, fields, structs, version);
  }

  /// With `altered` in the place of the field that has its id.
  public CollectionSchema altered(Field altered) {
    List<Field> all = fields.stream().map(f -> f.id() == altered.id() ? altered : f).toList();
    return new CollectionSchema(name, description, all, structs, version);
  }

  /// With ids in the order of the fields; a struct's comes before those of its sub-fields.
  public CollectionSchema numbered() {
    List<Field> numbered = new ArrayList<>();
    List<StructField> numberedStructs = new ArrayList<>(structs);
    Set<String> begun = new HashSet<>();
    long id = Field.FIRST_ID;
    for (Field field : fields) {
      Optional<StructField> struct = structOf(field);
      if (struct.isPresent() && begun.add(struct.get().name())) {
        numberedStructs.set(structs.indexOf(struct.get()), struct.get().withId(id++));
      }
      numbered.add(field.withId(id++));
    }
    return new CollectionSchema(name, description, numbered, numberedStructs, version);
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
    return new CollectionSchema(name, description, all, structs, version + 1);
  }

  /// With fields, each as [#with(Field)] has it.
  public CollectionSchema with(List<Field> added) {
    CollectionSchema schema = this;
    for (Field field : added) {
      schema = schema.with(field);
    }
    return schema;
  }

  /// With a struct whose sub-fields are there. One that is there already changes nothing.
  public CollectionSchema with(StructField struct) {
    if (struct(struct.name()).isPresent()) {
      return this;
    }
    List<StructField> all = new ArrayList<>(structs);
    all.add(struct);
    return new CollectionSchema(name, description, fields, all, version);
  }

  /// The id of the next field.
  public long nextFieldId() {
    return LongStream.concat(
                fields.stream().mapToLong(Field::id), structs.stream().mapToLong(StructField::id))
            .max()
            .orElse(Field.FIRST_ID - 1)
        + 1;
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

  /// What the user declared: everything but `$meta`. Sub-fields of structs are among it, structs are not.
  public List<Field> declaredFields() {
    return fields.stream().filter(f -> !f.dynamic()).toList();
  }

  /// Those with one vector in a row: to be loaded they need an index.
  public List<Field> vectorFields() {
    return fields.stream()
        .filter(f -> f.type().isVector() && f.type() != DataType.ARRAY_OF_VECTOR)
        .toList();
  }

  /// How many fields hold vectors, as [#MAX_VECTOR_FIELDS] counts them: with arrays of vectors.
  public int vectorCount() {
    return (int) fields.stream().filter(f -> f.type().isVector()).count();
  }

  public Optional<StructField> struct(String structName) {
    return structs.stream().filter(s -> s.name().equals(structName)).findFirst();
  }

  /// The struct that the field is a sub-field of.
  public Optional<StructField> structOf(Field field) {
    return structs.stream().filter(s -> s.holds(field)).findFirst();
  }

  public List<Field> subFields(StructField struct) {
    return fields.stream().filter(struct::holds).toList();
  }

  /// Whether a field or a struct has the name.
  public boolean has(String fieldName) {
    return field(fieldName).isPresent() || struct(fieldName).isPresent();
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
