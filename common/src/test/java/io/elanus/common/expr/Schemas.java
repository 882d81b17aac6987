package io.elanus.common.expr;

import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Schemas for tests of the filter language.
final class Schemas {
  /// One field of every type a filter can use, and some it cannot.
  static final CollectionSchema PLAIN = schema(false);

  /// The same with the dynamic field.
  static final CollectionSchema DYNAMIC = schema(true);

  private Schemas() {}

  private static CollectionSchema schema(boolean dynamic) {
    List<Field> fields = new ArrayList<>();
    fields.add(new Field(100, "id", "", DataType.INT64, true, false, false, false, Map.of()));
    add(fields, "tiny", DataType.INT8);
    add(fields, "small", DataType.INT16);
    add(fields, "medium", DataType.INT32);
    add(fields, "big", DataType.INT64);
    add(fields, "real", DataType.FLOAT);
    add(fields, "price", DataType.DOUBLE);
    add(fields, "name", DataType.VARCHAR);
    add(fields, "flag", DataType.BOOL);
    add(fields, "meta", DataType.JSON);
    add(fields, "vector", DataType.FLOAT_VECTOR);
    add(fields, "tags", DataType.ARRAY);
    add(fields, "essay", DataType.TEXT);
    add(fields, "other", DataType.VARCHAR);
    if (dynamic) {
      fields.add(
          new Field(
              200, Field.DYNAMIC_NAME, "", DataType.JSON, false, false, false, true, Map.of()));
    }
    return new CollectionSchema("things", "", fields, 1);
  }

  private static void add(List<Field> fields, String name, DataType type) {
    long id = 100 + fields.size();
    fields.add(new Field(id, name, "", type, false, false, false, false, Map.of()));
  }
}
