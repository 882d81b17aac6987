package io.elanus.proxy.read;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.proto.internal.Grouping;
import io.elanus.proxy.Invalid;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// That a search is for groups of rows, not for rows.
///
/// @param fields rows with the same values of these are a group
/// @param listed whether the request has a list of fields, as the answer has one then
/// @param size rows of a group, at most
/// @param strict whether each group is to have as many as it has
record GroupParams(List<Field> fields, boolean listed, int size, boolean strict) {
  private static final int MAX_SIZE = 10;

  GroupParams {
    fields = List.copyOf(fields);
  }

  /// @return empty when it is for rows
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`, or `FIELD_NOT_FOUND`
  static Optional<GroupParams> of(ReadParams params, CollectionSchema schema) {
    Optional<String> one = params.text("group_by_field").map(String::strip);
    List<String> names =
        one.map(List::of)
            .orElseGet(
                () -> params.text("group_by_fields").map(GroupParams::names).orElse(List.of()));
    boolean inJson = params.text("json_path").isPresent();
    List<Field> fields = names.stream().map(name -> field(name, inJson, schema)).toList();
    int size = params.text("group_size").map(GroupParams::size).orElse(1);
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new GroupParams(fields, one.isEmpty(), size, params.flag("strict_group_size")));
  }

  private static List<String> names(String listed) {
    return Stream.of(listed.split(",")).map(String::strip).filter(n -> !n.isEmpty()).toList();
  }

  private static int size(String text) {
    long size;
    try {
      size = Long.parseLong(text.strip());
    } catch (NumberFormatException _) {
      throw Invalid.parameter("failed to parse input group size:%s", text);
    }
    if (size <= 0) {
      throw Invalid.parameter("input group size:%d is negative, failed to do search_groupby", size);
    }
    if (size > MAX_SIZE) {
      throw Invalid.parameter(
          "input group size:%d exceeds configured max group size:%d", size, MAX_SIZE);
    }
    return (int) size;
  }

  private static Field field(String name, boolean inJson, CollectionSchema schema) {
    int bracket = name.indexOf('[');
    Optional<Field> declared = schema.field(bracket < 0 ? name : name.substring(0, bracket));
    if (declared.isEmpty() && !schema.dynamicEnabled()) {
      throw Invalid.of(
          ErrorCode.FIELD_NOT_FOUND, "groupBy field not found in schema", "field", name);
    }
    boolean json = declared.map(field -> field.type() == DataType.JSON).orElse(true);
    if (json && (declared.isEmpty() || bracket >= 0 || inJson)) {
      throw Invalid.notServed("grouping by a key of a JSON field (%s)".formatted(name));
    }
    return requireGroupable(declared.get());
  }

  private static Field requireGroupable(Field field) {
    return switch (field.type()) {
      case BOOL, INT8, INT16, INT32, INT64, VARCHAR, TIMESTAMPTZ -> field;
      case FLOAT, DOUBLE, ARRAY, JSON, GEOMETRY, TEXT -> throw unsupported(field.type().name());
      case BINARY_VECTOR -> throw unsupported("VECTOR_BINARY");
      case FLOAT_VECTOR -> throw unsupported("VECTOR_FLOAT");
      case FLOAT16_VECTOR -> throw unsupported("VECTOR_FLOAT16");
      case BFLOAT16_VECTOR -> throw unsupported("VECTOR_BFLOAT16");
      case SPARSE_FLOAT_VECTOR -> throw unsupported("VECTOR_SPARSE_U32_F32");
      case INT8_VECTOR -> throw unsupported("VECTOR_INT8");
      case ARRAY_OF_VECTOR -> throw unsupported("VECTOR_ARRAY");
    };
  }

  private static RuntimeException unsupported(String type) {
    return Invalid.parameter("unsupported data type %s for group by operator", type);
  }

  List<Long> fieldIds() {
    return fields.stream().map(Field::id).toList();
  }

  /// Whether the nearest groups are looked for first, and their rows then: see [FullGroups].
  boolean isFull() {
    return strict && size > 1;
  }

  Grouping encode() {
    return Grouping.newBuilder().addAllFieldIds(fieldIds()).setSize(size).build();
  }
}
