package io.elanus.common.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Fields and parameters that tests define indexes with.
final class IndexFields {
  private IndexFields() {}

  /// A field `f` of a type; of eight values if it is a vector.
  static Field field(DataType type) {
    return field(type, 8);
  }

  /// A field `f` of vectors of bits.
  static Field bits(int dimension) {
    return field(DataType.BINARY_VECTOR, dimension);
  }

  private static Field field(DataType type, int dimension) {
    Map<String, String> typeParams = Map.of("dim", Integer.toString(dimension));
    return new Field(100, "f", "", type, false, false, false, false, typeParams);
  }

  /// A field `f` of lists.
  static Field field(DataType type, DataType element) {
    return new Field(
        100,
        "f",
        "",
        type,
        false,
        false,
        false,
        false,
        false,
        Optional.empty(),
        Optional.of(element),
        Map.of("dim", "8"));
  }

  /// Parameters written as `name=value name=value`.
  static Map<String, String> params(String text) {
    Map<String, String> params = new LinkedHashMap<>();
    for (String pair : text.split(" ")) {
      int equals = pair.indexOf('=');
      params.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return params;
  }
}
