package io.elanus.proxy.write;

import io.elanus.common.error.DbException;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Field;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.StructField;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proxy.Invalid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// Takes the columns of structs apart into those of their sub-fields, which are ordinary arrays from here on.
///
/// ```
/// chunks (text: [a b] [c]   page: [1 2] [3])      chunks[text]: [a b] [c]
///                                                 chunks[page]: [1 2] [3]     rows are of one length
/// ```
/// Error texts are Milvus's.
final class StructColumns {
  private StructColumns() {}

  /// The columns, with those of sub-fields in the place of a struct's. A struct without any values is as one that was
  /// not sent.
  ///
  /// @throws DbException `INVALID_PARAMETER` when not every sub-field is there, or one is there by itself
  static List<FieldData> apart(CollectionSchema schema, List<FieldData> data) {
    if (schema.structs().isEmpty()) {
      return data;
    }
    List<FieldData> columns = new ArrayList<>();
    for (FieldData column : data) {
      schema
          .struct(column.getFieldName())
          .ifPresentOrElse(
              struct -> columns.addAll(apart(schema, struct, column)),
              () -> columns.add(requireOwn(schema, column)));
    }
    return columns;
  }

  private static FieldData requireOwn(CollectionSchema schema, FieldData column) {
    if (schema.field(column.getFieldName()).flatMap(schema::structOf).isPresent()) {
      throw Invalid.parameter(
          "fieldName %s not exist in collection schema, fieldType %s, fieldId %d",
          column.getFieldName(), column.getType(), column.getFieldId());
    }
    return column;
  }

  private static List<FieldData> apart(
      CollectionSchema schema, StructField struct, FieldData column) {
    if (!column.hasStructArrays()) {
      throw Invalid.parameter(
          "field convert FieldData_StructArrays fail in fieldData, fieldName: %s,"
              + " collectionName:%s",
          struct.name(), schema.name());
    }
    List<FieldData> parts = column.getStructArrays().getFieldsList();
    List<Field> fields = schema.subFields(struct);
    if (parts.size() != fields.size()) {
      throw Invalid.parameter(
          "length of fields of struct field mismatch length of the fields in schema, fieldName: %s,"
              + " collectionName:%s, fieldData fields length:%d, schema fields length:%d",
          struct.name(), schema.name(), parts.size(), fields.size());
    }
    long filled = parts.stream().filter(StructColumns::hasValues).count();
    if (filled == 0) {
      parts.forEach(part -> requireNoneValid(struct, part));
    } else if (filled != parts.size()) {
      throw Invalid.parameter(
          "inconsistent sub-field data in struct '%s': %d of %d sub-fields have data,"
              + " all must be present or all absent",
          struct.name(), filled, parts.size());
    }
    Set<String> names = fields.stream().map(Field::name).collect(Collectors.toSet());
    return parts.stream()
        .map(part -> named(struct, names, withValidity(part, column)))
        .filter(part -> filled > 0 || part.getValidDataCount() > 0)
        .toList();
  }

  private static boolean hasValues(FieldData part) {
    return switch (part.getFieldCase()) {
      case SCALARS -> part.getScalars().getDataCase().getNumber() != 0;
      case VECTORS -> part.getVectors().getDataCase().getNumber() != 0;
      case STRUCT_ARRAYS, FIELD_NOT_SET -> false;
    };
  }

  private static void requireNoneValid(StructField struct, FieldData part) {
    int row = part.getValidDataList().indexOf(true);
    if (row >= 0) {
      throw Invalid.parameter(
          "sub-field '%s' in struct '%s' claims row %d is valid but no payload is provided",
          part.getFieldName(), struct.name(), row);
    }
  }

  /// What the struct says of its rows counts for sub-fields that say nothing.
  private static FieldData withValidity(FieldData part, FieldData struct) {
    return part.getValidDataCount() > 0 || struct.getValidDataCount() == 0
        ? part
        : part.toBuilder().addAllValidData(struct.getValidDataList()).build();
  }

  private static FieldData named(StructField struct, Set<String> names, FieldData part) {
    String given = part.getFieldName();
    String name = names.contains(given) ? given : struct.nameOf(given);
    if (!names.contains(name)) {
      throw Invalid.parameter(
          "sub-field '%s' not found in struct schema '%s'", given, struct.name());
    }
    return part.toBuilder().setFieldName(name).build();
  }

  /// @throws DbException `INVALID_PARAMETER` when a struct is missing that every row has to have
  static void requireGiven(CollectionSchema schema, List<FieldData> data) {
    Set<String> given = data.stream().map(FieldData::getFieldName).collect(Collectors.toSet());
    for (StructField struct : schema.structs()) {
      if (!struct.nullable() && !given.contains(struct.name())) {
        throw Invalid.parameter(
            "required struct array field '%s' is missing in insert data", struct.name());
      }
    }
  }

  /// @param columns of all sub-fields of a struct, or of none; by field id
  /// @throws DbException `INVALID_PARAMETER` when the lists of a row are not of one length, or some of them null
  static void checkLengths(CollectionSchema schema, Map<Long, Column> columns) {
    for (StructField struct : schema.structs()) {
      List<Field> fields =
          schema.subFields(struct).stream().filter(f -> columns.containsKey(f.id())).toList();
      for (int i = 1; i < fields.size(); i++) {
        Part first = Part.of(struct, fields.getFirst(), columns);
        checkLengths(struct, first, Part.of(struct, fields.get(i), columns));
      }
    }
  }

  private static void checkLengths(StructField struct, Part first, Part other) {
    for (int row = 0, at = 0; row < first.valid().length; row++) {
      if (first.valid()[row] != other.valid()[row]) {
        throw Invalid.parameter(
            "sub-field ValidData mismatch in struct '%s' at row %d: '%s'=%s, '%s'=%s",
            struct.name(), row, first.name(), first.valid()[row], other.name(), other.valid()[row]);
      }
      if (!first.valid()[row]) {
        continue;
      }
      if (first.lists().length(at) != other.lists().length(at)) {
        throw Invalid.parameter(
            "inconsistent struct element count in struct '%s' at row %d: '%s' has %d, '%s' has %d",
            struct.name(),
            row,
            first.name(),
            first.lists().length(at),
            other.name(),
            other.lists().length(at));
      }
      at++;
    }
  }

  private record Part(String name, ListColumn lists, boolean[] valid) {
    static Part of(StructField struct, Field field, Map<Long, Column> columns) {
      NullableColumn column =
          NullableColumn.allValid(Objects.requireNonNull(columns.get(field.id())));
      return new Part(struct.shortName(field), (ListColumn) column.values(), column.valid());
    }
  }
}
