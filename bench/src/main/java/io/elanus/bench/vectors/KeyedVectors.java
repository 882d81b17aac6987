package io.elanus.bench.vectors;

import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.RowBatch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Rows of a collection that has a number as key and a vector of float32, and nothing else.
public record KeyedVectors(int dimension) {
  public static final long VECTOR = 101;

  private static final long KEY = 100;

  public CollectionSchema schema() {
    return new CollectionSchema(
        "vectors",
        "",
        List.of(
            field(KEY, "id", DataType.INT64, true, Map.of()),
            field(VECTOR, "v", DataType.FLOAT_VECTOR, false, Map.of("dim", "" + dimension))),
        0);
  }

  private static Field field(
      long id, String name, DataType type, boolean key, Map<String, String> params) {
    return new Field(id, name, "", type, key, false, false, false, params);
  }

  /// @param vectors one after the other
  public RowBatch rows(long[] keys, float[] vectors) {
    return new RowBatch(
        keys.length,
        new TreeMap<>(
            Map.of(
                KEY, new Int64Column(keys),
                VECTOR, new FloatVectorColumn(vectors, dimension))));
  }
}
