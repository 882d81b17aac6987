package io.elanus.segment.file;

import io.elanus.common.manifest.ColumnLocation;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.ColumnForm;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One column of a segment file.
///
/// @param field empty for a system column
record ParquetColumn(
    long fieldId, String name, Leaf leaf, Shape shape, boolean nullable, Optional<Field> field) {
  /// How one value lies in the file, in Parquet's words.
  ///
  /// @param physical type
  /// @param converted type, which says more; [#NONE] for none
  /// @param length in bytes of values that have one length
  record Leaf(ColumnForm form, int physical, int converted, int logical, int length) {
    static final int NONE = -1;

    static Leaf of(Field field) {
      DataType type = field.type();
      return switch (type) {
        case BOOL -> plain(ColumnForm.BOOL, 0);
        case INT8 -> new Leaf(ColumnForm.INT32, 1, 15, NONE, 0);
        case INT16 -> new Leaf(ColumnForm.INT32, 1, 16, NONE, 0);
        case INT32 -> plain(ColumnForm.INT32, 1);
        case INT64 -> plain(ColumnForm.INT64, 2);
        case TIMESTAMPTZ -> new Leaf(ColumnForm.INT64, 2, 10, NONE, 0);
        case FLOAT -> plain(ColumnForm.FLOAT, 4);
        case DOUBLE -> plain(ColumnForm.DOUBLE, 5);
        case VARCHAR, TEXT -> new Leaf(ColumnForm.TEXT, 6, 0, 1, 0);
        case JSON -> new Leaf(ColumnForm.BYTES, 6, 19, 12, 0);
        case GEOMETRY, SPARSE_FLOAT_VECTOR -> plain(ColumnForm.BYTES, 6);
        case FLOAT_VECTOR -> plain(ColumnForm.FLOAT_VECTOR, 4);
        case BINARY_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR ->
            new Leaf(ColumnForm.BYTE_VECTOR, 7, NONE, NONE, field.vectorBytes());
        case ARRAY -> of(field.element());
        case ARRAY_OF_VECTOR -> vectorElement(field.element());
      };
    }

    /// A float vector within a list lies as bytes: Parquet would need a list of lists.
    private static Leaf vectorElement(Field element) {
      return element.type() == DataType.FLOAT_VECTOR
          ? new Leaf(
              ColumnForm.FLOAT_VECTOR, 7, NONE, NONE, Math.multiplyExact(4, element.dimension()))
          : of(element);
    }

    private static Leaf plain(ColumnForm form, int physical) {
      return new Leaf(form, physical, NONE, NONE, 0);
    }
  }

  /// How many values a row has.
  sealed interface Shape {
    record One() implements Shape {}

    /// As many in each row.
    record Fixed(int length) implements Shape {}

    record Lists() implements Shape {}
  }

  /// The system columns, then the fields of `schema`.
  static List<ParquetColumn> of(CollectionSchema schema) {
    List<ParquetColumn> columns = new ArrayList<>();
    columns.add(system(ColumnLocation.VERSION, "__version", ColumnForm.INT64, 2));
    columns.add(system(ColumnLocation.INDEX, "__index", ColumnForm.INT32, 1));
    columns.add(system(ColumnLocation.TIMESTAMP, "__timestamp", ColumnForm.INT64, 2));
    Set<String> taken = new HashSet<>();
    columns.forEach(column -> taken.add(column.name()));
    for (Field field : schema.fields()) {
      String name =
          taken.add(field.name()) ? field.name() : "%s_%d".formatted(field.name(), field.id());
      columns.add(
          new ParquetColumn(
              field.id(),
              name,
              Leaf.of(field),
              shape(field),
              field.nullable(),
              Optional.of(field)));
    }
    return columns;
  }

  private static ParquetColumn system(long id, String name, ColumnForm form, int physical) {
    return new ParquetColumn(
        id, name, Leaf.plain(form, physical), new Shape.One(), false, Optional.empty());
  }

  private static Shape shape(Field field) {
    return switch (field.type()) {
      case FLOAT_VECTOR -> new Shape.Fixed(field.dimension());
      case ARRAY, ARRAY_OF_VECTOR -> new Shape.Lists();
      default -> new Shape.One();
    };
  }

  boolean isList() {
    return !(shape instanceof Shape.One);
  }
}
