package io.elanus.proxy.service;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Field;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.catalog.CollectionView;
import java.util.ArrayList;
import java.util.List;

/// Which fields of a collection are to be loaded.
final class LoadFields {
  private LoadFields() {}

  /// Ids of the fields named, and of `$meta` unless that is to be skipped; none when that is all there is.
  ///
  /// @param names none: all
  /// @throws io.elanus.common.error.DbException `FIELD_NOT_FOUND`, `INVALID_PARAMETER` when the key or
  ///     every vector is left out, or a vector has no index; `INDEX_NOT_FOUND` when there is none at all
  static List<Long> ids(CollectionView view, List<String> names, boolean skipDynamic) {
    List<Long> ids = ids(view.schema(), names, skipDynamic);
    requireIndexes(view, ids);
    return ids;
  }

  private static List<Long> ids(CollectionSchema schema, List<String> names, boolean skipDynamic) {
    List<Field> fields = new ArrayList<>();
    if (names.isEmpty()) {
      fields.addAll(schema.declaredFields());
    }
    for (String name : names) {
      fields.addAll(named(schema, name));
    }
    if (!skipDynamic) {
      schema.dynamicField().ifPresent(fields::add);
    }
    check(schema, names, fields);
    List<Long> ids = fields.stream().map(Field::id).distinct().sorted().toList();
    return ids.size() == schema.fields().size() ? List.of() : ids;
  }

  /// A field, or all of a struct.
  private static List<Field> named(CollectionSchema schema, String name) {
    return schema
        .struct(name)
        .map(schema::subFields)
        .or(() -> schema.field(name).map(List::of))
        .orElseThrow(() -> ErrorCode.FIELD_NOT_FOUND.with("field", name));
  }

  private static void check(CollectionSchema schema, List<String> names, List<Field> fields) {
    String list = "[%s]".formatted(String.join(" ", names));
    if (!fields.contains(schema.primaryKey())) {
      throw Invalid.parameter(
          "load field list %s does not contain primary key field %s",
          list, schema.primaryKey().name());
    }
    if (fields.stream().noneMatch(field -> field.type().isVector())) {
      throw Invalid.parameter("load field list %s does not contain vector field", list);
    }
  }

  /// Vectors that are to be loaded need an index; arrays of vectors may have one.
  ///
  /// @param ids none: all fields
  private static void requireIndexes(CollectionView view, List<Long> ids) {
    if (view.indexes().isEmpty() && !view.schema().vectorFields().isEmpty()) {
      throw ErrorCode.INDEX_NOT_FOUND.with("collection", view.collection().name());
    }
    List<String> without =
        view.schema().vectorFields().stream()
            .filter(field -> ids.isEmpty() || ids.contains(field.id()))
            .filter(field -> view.indexOf(field).isEmpty())
            .map(Field::name)
            .toList();
    if (!without.isEmpty()) {
      throw Invalid.parameter(
          "there is no vector index on field: [%s], please create index firstly",
          String.join(" ", without));
    }
  }
}
