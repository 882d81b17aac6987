package io.elanus.common.model;

import io.elanus.common.error.ErrorCode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The index types over fields that are no vectors, and what they can be over. None is a structure: filters look at the
/// column itself, which finds the same (docs/decisions/0139-index-names.md). Errors in Milvus's words.
final class ScalarSpec {
  private static final String JSON_CAST_TYPE = "json_cast_type";
  private static final String JSON_CAST_FUNCTION = "json_cast_function";
  private static final String MIN_GRAM = "min_gram";
  private static final String MAX_GRAM = "max_gram";

  private static final Set<String> TYPES =
      Set.of("BITMAP", "INVERTED", "NGRAM", "RTREE", "STL_SORT", "TRIE", "Trie", "marisa-trie");

  private static final Set<DataType> WHOLE_NUMBERS =
      EnumSet.of(DataType.INT8, DataType.INT16, DataType.INT32, DataType.INT64);
  private static final Set<DataType> NUMBERS =
      EnumSet.of(
          DataType.INT8,
          DataType.INT16,
          DataType.INT32,
          DataType.INT64,
          DataType.FLOAT,
          DataType.DOUBLE);
  private static final Set<DataType> TEXTS = EnumSet.of(DataType.VARCHAR, DataType.TEXT);
  private static final Set<DataType> SORTED =
      union(NUMBERS, TEXTS, EnumSet.of(DataType.JSON, DataType.TIMESTAMPTZ));
  private static final Set<DataType> INVERTED =
      union(SORTED, EnumSet.of(DataType.BOOL, DataType.ARRAY));

  private static final List<String> CASTS =
      List.of("BOOL", "DOUBLE", "VARCHAR", "ARRAY_BOOL", "ARRAY_DOUBLE", "ARRAY_VARCHAR", "JSON");
  private static final List<String> BITMAP_CASTS = List.of("BOOL", "VARCHAR");
  private static final List<String> SORT_CASTS = List.of("DOUBLE", "VARCHAR");

  private ScalarSpec() {}

  @SafeVarargs
  private static Set<DataType> union(Set<DataType>... parts) {
    return Arrays.stream(parts).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
  }

  static boolean has(String type) {
    return TYPES.contains(type);
  }

  /// @param type one that there is, or the automatic one
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static void check(Field field, String type, Map<String, String> params) {
    switch (type) {
      case "BITMAP" -> checkBitmap(field);
      case "INVERTED" ->
          require(
              is(field, INVERTED),
              "INVERTED are not supported on %s field",
              field.type().milvusName());
      case "STL_SORT" ->
          require(
              is(field, SORTED),
              "STL_SORT are only supported on numeric, varchar, timestamptz, date or time field, got %s",
              field.type().milvusName());
      case "NGRAM" -> checkNgram(field, params);
      case "RTREE" ->
          require(
              field.type() == DataType.GEOMETRY,
              "RTREE index can only be built on geometry field, got %s",
              field.type().milvusName());
      case IndexSpec.AUTO -> {}
      default -> require(is(field, TEXTS), "TRIE are only supported on varchar field");
    }
    if (field.type() == DataType.JSON) {
      checkJson(type, params);
    }
  }

  private static void checkBitmap(Field field) {
    require(!field.primaryKey(), "create bitmap index on primary key not supported");
    require(
        isFew(field.type()) || is(field, EnumSet.of(DataType.ARRAY, DataType.JSON)),
        "bitmap index are only supported on bool, int, string and array field");
    require(
        field.elementType().filter(element -> !isFew(element)).isEmpty(),
        "bitmap index are only supported on bool, int, string for array field");
  }

  /// Whether columns of the type may have few values.
  private static boolean isFew(DataType type) {
    return type == DataType.BOOL || WHOLE_NUMBERS.contains(type) || TEXTS.contains(type);
  }

  private static void checkNgram(Field field, Map<String, String> params) {
    require(
        is(field, TEXTS) || field.type() == DataType.JSON,
        "ngram index can only be created on VARCHAR or JSON field");
    require(
        params.containsKey(MIN_GRAM) && params.containsKey(MAX_GRAM),
        "Ngram index must specify both min_gram and max_gram");
    int min = gram(MIN_GRAM, params);
    int max = gram(MAX_GRAM, params);
    require(
        min > 0 && min <= max,
        "invalid min_gram or max_gram value for Ngram index, min_gram: %d, max_gram: %d",
        min,
        max);
  }

  private static int gram(String name, Map<String, String> params) {
    String text = params.getOrDefault(name, "");
    require(
        text.matches("[+-]?[0-9]{1,9}"),
        "%s for Ngram index must be an integer, got: %s",
        name,
        text);
    return Integer.parseInt(text);
  }

  private static void checkJson(String type, Map<String, String> params) {
    requireParam(JSON_CAST_TYPE, "json index must specify cast type", params);
    String cast = params.getOrDefault(JSON_CAST_TYPE, "").trim().toUpperCase(Locale.ROOT);
    switch (type) {
      case "BITMAP" ->
          require(
              BITMAP_CASTS.contains(cast),
              "json_cast_type %s is not supported for BITMAP index",
              cast);
      case "STL_SORT" ->
          require(
              SORT_CASTS.contains(cast),
              "json_cast_type %s is not supported for STL_SORT index",
              cast);
      case "NGRAM" ->
          require(
              cast.equals("VARCHAR"),
              "JSON field with ngram index only supports VARCHAR cast type, got: %s",
              cast);
      default -> {
        require(CASTS.contains(cast), "json_cast_type %s is not supported", cast);
        checkCastFunction(cast, params);
      }
    }
  }

  private static void checkCastFunction(String cast, Map<String, String> params) {
    String function = params.get(JSON_CAST_FUNCTION);
    if (function == null) {
      return;
    }
    require(
        function.equals("STRING_TO_DOUBLE"), "json_cast_function %s is not supported", function);
    require(
        cast.equals("DOUBLE"),
        "json_cast_function %s is not supported for json_cast_type %s",
        function,
        cast);
  }

  private static boolean is(Field field, Set<DataType> types) {
    return types.contains(field.type());
  }

  private static void requireParam(String name, String why, Map<String, String> params) {
    require(
        params.containsKey(name),
        "%s: %s",
        why,
        ErrorCode.MISSING_PARAMETER.with("missing_param", name).text());
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void require(boolean holds, String why, Object... values) {
    if (!holds) {
      throw IndexSpec.invalidIndexParams(why.formatted(values));
    }
  }
}
