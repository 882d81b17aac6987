package io.elanus.common.expr;

import io.elanus.common.error.DbException;
import io.elanus.common.expr.Operand.FieldRef;
import io.elanus.common.expr.Operand.JsonPath;
import io.elanus.common.expr.Operand.Step;
import io.elanus.common.expr.Part.Column;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What the names of a filter mean in a schema: fields, places in JSON fields, keys of the dynamic
/// field, functions.
final class Names {
  /// Functions of the language that are not served yet.
  private static final Set<String> FUNCTIONS =
      Set.of(
          "array_contains",
          "array_contains_all",
          "array_contains_any",
          "array_length",
          "bloom_match",
          "element_filter",
          "empty",
          "json_contains",
          "json_contains_all",
          "json_contains_any",
          "match_all",
          "match_any",
          "match_exact",
          "match_least",
          "match_most",
          "membership_match",
          "phrase_match",
          "random_sample",
          "roaring_match",
          "st_contains",
          "st_crosses",
          "st_dwithin",
          "st_equals",
          "st_intersects",
          "st_isvalid",
          "st_overlaps",
          "st_touches",
          "st_within",
          "starts_with",
          "text_match",
          "text_match_fuzzy");

  private final FilterSource source;
  private final CollectionSchema schema;

  Names(FilterSource source, CollectionSchema schema) {
    this.source = source;
    this.schema = schema;
  }

  /// The column `name`, or the place `steps` inside it.
  Column column(String name, List<Step> steps) {
    if (schema.struct(name).isPresent()) {
      throw source.cannotParse("filter on struct array field (%s) is not served yet", name);
    }
    Optional<Field> declared = schema.field(name);
    if (declared.isPresent()) {
      return declared(declared.get(), steps);
    }
    Field dynamic = schema.dynamicField().orElseThrow(() -> notExist(name));
    if (name.equalsIgnoreCase("null")) {
      throw notExist(name);
    }
    List<Step> path = new ArrayList<>();
    path.add(new Step.Key(name));
    path.addAll(steps);
    return new Column(new JsonPath(dynamic.id(), path), DataType.JSON, true);
  }

  /// A field that is only asked whether it is there: no other operator of its type is needed.
  Optional<Column> bare(String name, List<Step> steps) {
    return steps.isEmpty()
        ? schema
            .field(name)
            .filter(field -> !field.type().isVector() && field.type() != DataType.JSON)
            .map(field ->
                new Column(new FieldRef(field.id(), field.type()), field.type(), field.nullable()))
        : Optional.empty();
  }

  private Column declared(Field field, List<Step> steps) {
    DataType type = field.type();
    if (type == DataType.JSON) {
      return new Column(new JsonPath(field.id(), steps), type, true);
    }
    if (!steps.isEmpty() && type != DataType.ARRAY) {
      throw source.cannotParse("%s data type not supported accessed with []", type.milvusName());
    }
    if (type == DataType.TEXT) {
      throw source.cannotParse("filter on text field (%s) is not supported yet", field.name());
    }
    if (type == DataType.ARRAY || type == DataType.GEOMETRY || type == DataType.TIMESTAMPTZ) {
      throw source.cannotParse(
          "filter on %s field (%s) is not served yet", type.milvusName(), field.name());
    }
    return new Column(new FieldRef(field.id(), type), type, field.nullable());
  }

  /// No function is served yet; those of the language are told from those nobody knows.
  DbException noFunction(String name) {
    return FUNCTIONS.contains(name.toLowerCase(Locale.ROOT))
        ? source.cannotParse("%s is not served yet", name)
        : source.cannotParse("function %s not found", name);
  }

  /// Whether a text after this name is a time or a length of time.
  boolean isTimePrefix(String name) {
    return name.equalsIgnoreCase("iso") || name.equalsIgnoreCase("interval");
  }

  /// The place `index` in a JSON array.
  Step index(long index) {
    if (index > Integer.MAX_VALUE) {
      throw source.cannotParse("index %d is out of range", index);
    }
    return new Step.Index((int) index);
  }

  private DbException notExist(String name) {
    return source.cannotParse("field %s not exist", name);
  }
}
