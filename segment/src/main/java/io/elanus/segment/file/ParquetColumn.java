package io.elanus.segment.file;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ColumnLocation;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One column of a segment file.
///
/// @param dimension of a float vector, else 1
record ParquetColumn(long fieldId, String name, Kind kind, int dimension) {
  /// How values lie in the file.
  enum Kind {
    BOOLEAN,
    INT32,
    INT64,
    DOUBLE,
    TEXT,
    JSON,
    FLOAT_LIST
  }

  /// The system columns, then the fields of `schema`.
  static List<ParquetColumn> of(CollectionSchema schema) {
    List<ParquetColumn> columns = new ArrayList<>();
    columns.add(new ParquetColumn(ColumnLocation.VERSION, "__version", Kind.INT64, 1));
    columns.add(new ParquetColumn(ColumnLocation.INDEX, "__index", Kind.INT32, 1));
    columns.add(new ParquetColumn(ColumnLocation.TIMESTAMP, "__timestamp", Kind.INT64, 1));
    Set<String> taken = new HashSet<>();
    columns.forEach(column -> taken.add(column.name()));
    for (Field field : schema.fields()) {
      String name =
          taken.add(field.name()) ? field.name() : "%s_%d".formatted(field.name(), field.id());
      columns.add(of(field, name));
    }
    return columns;
  }

  private static ParquetColumn of(Field field, String name) {
    Kind kind =
        switch (field.type()) {
          case BOOL -> Kind.BOOLEAN;
          case INT64 -> Kind.INT64;
          case DOUBLE -> Kind.DOUBLE;
          case VARCHAR -> Kind.TEXT;
          case JSON -> Kind.JSON;
          case FLOAT_VECTOR -> Kind.FLOAT_LIST;
          case INT8,
              INT16,
              INT32,
              FLOAT,
              ARRAY,
              GEOMETRY,
              TEXT,
              TIMESTAMPTZ,
              BINARY_VECTOR,
              FLOAT16_VECTOR,
              BFLOAT16_VECTOR,
              SPARSE_FLOAT_VECTOR,
              INT8_VECTOR ->
              throw ErrorCode.UNSUPPORTED.because(
                  "a segment holds no field of type %s: '%s'",
                  field.type().milvusName(), field.name());
        };
    return new ParquetColumn(
        field.id(), name, kind, kind == Kind.FLOAT_LIST ? field.dimension() : 1);
  }
}
