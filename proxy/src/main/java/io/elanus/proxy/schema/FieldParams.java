package io.elanus.proxy.schema;

import io.elanus.common.model.Collection;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proxy.Invalid;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Parameters of a field that may change when the collection has rows already.
public final class FieldParams {
  private static final String MAX_LENGTH = "max_length";
  private static final String MAX_CAPACITY = "max_capacity";
  private static final int MAX_ARRAY_CAPACITY = 4096;

  private static final Set<String> ALTERABLE =
      Set.of(MAX_LENGTH, MAX_CAPACITY, Properties.MMAP, "warmup", "field.description");

  private static final Set<String> REMOVABLE = Set.of(Properties.MMAP, "warmup");

  private FieldParams() {}

  /// By our names.
  public static Map<String, String> decode(List<KeyValuePair> pairs) {
    Map<String, String> params = new LinkedHashMap<>();
    pairs.forEach(pair -> params.put(rename(pair.getKey()), pair.getValue()));
    return params;
  }

  public static List<String> rename(List<String> keys) {
    return keys.stream().map(FieldParams::rename).toList();
  }

  private static String rename(String key) {
    return key.equals("mmap_enabled") ? Properties.MMAP : key;
  }

  /// The field, if it may get `params`.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  public static Field check(Collection collection, String name, Map<String, String> params) {
    params.keySet().stream()
        .filter(key -> !ALTERABLE.contains(key))
        .findFirst()
        .ifPresent(key -> {
          throw Invalid.parameter("%s does not allow update in collection field param", key);
        });
    Field field =
        collection
            .schema()
            .field(name)
            .orElseThrow(() ->
                Invalid.parameter(
                    "field %s does not exist in collection %s", name, collection.name()));
    if (params.containsKey(MAX_CAPACITY)) {
      requireNoStruct(collection, field);
    }
    params.forEach((key, value) -> check(field, key, value));
    return field;
  }

  /// Sub-fields of a struct have one capacity.
  private static void requireNoStruct(Collection collection, Field field) {
    if (collection.schema().structOf(field).isPresent()) {
      throw Invalid.parameter(
          "%s can not be modified for sub-field %s of a struct array field",
          MAX_CAPACITY, field.name());
    }
  }

  private static void check(Field field, String key, String value) {
    switch (key) {
      case MAX_LENGTH -> checkMaxLength(field, value);
      case MAX_CAPACITY -> checkMaxCapacity(field, value);
      default -> Properties.check(key, value);
    }
  }

  private static void checkMaxLength(Field field, String value) {
    if (!field.typeParams().containsKey(MAX_LENGTH)) {
      throw Invalid.parameter("%s can not modify the maxlength for non-string types", field.name());
    }
    long length = number(MAX_LENGTH, value);
    if (length > FieldCheck.MAX_VARCHAR_BYTES) {
      throw Invalid.parameter(
          "%s exceeds the maximum allowed value %d", value, FieldCheck.MAX_VARCHAR_BYTES);
    }
    if (length < 1) {
      throw Invalid.parameter("%s should be at least 1, but got %d", MAX_LENGTH, length);
    }
  }

  private static void checkMaxCapacity(Field field, String value) {
    if (field.type() != DataType.ARRAY) {
      throw Invalid.parameter(
          "%s can not modify the maxcapacity for non-array types", field.name());
    }
    long capacity = number(MAX_CAPACITY, value);
    if (capacity < 1 || capacity > MAX_ARRAY_CAPACITY) {
      throw Invalid.parameter(
          "the maximum capacity specified for a Array should be in (0, %d]", MAX_ARRAY_CAPACITY);
    }
  }

  private static long number(String key, String value) {
    try {
      return Long.parseLong(value.strip());
    } catch (NumberFormatException _) {
      throw Invalid.parameter("%s should be an integer, but got string", key);
    }
  }

  /// @param asked as the client named them; `removed` by our names
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  public static void checkRemoved(List<String> asked, List<String> removed) {
    for (int i = 0; i < removed.size(); i++) {
      if (!REMOVABLE.contains(removed.get(i))) {
        throw Invalid.parameter(
            "%s is not allowed to drop in collection field param", asked.get(i));
      }
    }
  }
}
