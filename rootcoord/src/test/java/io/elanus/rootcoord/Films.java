package io.elanus.rootcoord;

import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import java.util.List;
import java.util.Map;

/// A schema to test with.
final class Films {
  static final long VECTOR_FIELD = 101;

  private Films() {}

  static CollectionSchema schema(String name, int dimension) {
    return new CollectionSchema(
        name,
        "",
        List.of(
            field("id", DataType.INT64, true, Map.of()),
            field("v", DataType.FLOAT_VECTOR, false, Map.of("dim", "" + dimension)),
            field("title", DataType.VARCHAR, false, Map.of("max_length", "64"))),
        0);
  }

  static Field field(String name, DataType type, boolean key, Map<String, String> params) {
    return new Field(0, name, "", type, key, false, false, false, params);
  }
}
