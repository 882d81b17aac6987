package io.elanus.segment.tail;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.ColumnForm;
import io.elanus.common.model.Columns;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.RowBatch;
import io.elanus.common.record.LogRecord;

/// Whether records fit the schema they are to be applied under. Checked before anything of a record takes
/// effect, so that none takes effect by half.
final class RecordFit {
  /// Of vectors of bits; others have fewer.
  private static final int MAX_DIMENSION = 262_144;

  private final CollectionSchema schema;

  RecordFit(CollectionSchema schema) {
    this.schema = schema;
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`
  void require(LogRecord record) {
    switch (record) {
      case LogRecord.Insert insert -> requireRows(insert.rows());
      case LogRecord.Upsert upsert -> {
        requireForm(upsert.replaced(), schema.primaryKey());
        requireRows(upsert.rows());
      }
      case LogRecord.Delete delete -> requireForm(delete.keys(), schema.primaryKey());
      case LogRecord.AddField add -> add.fields().forEach(RecordFit::requireAddable);
      case LogRecord.DropCollection _,
          LogRecord.Truncate _,
          LogRecord.DropPartition _,
          LogRecord.Rename _,
          LogRecord.ImportCommit _,
          LogRecord.Expire _,
          LogRecord.Mark _,
          LogRecord.Barrier _ -> {}
    }
  }

  /// A field that rows may come without may be younger than the record.
  private void requireRows(RowBatch rows) {
    for (Field field : schema.fields()) {
      Column column = rows.columns().get(field.id());
      if (column != null) {
        requireForm(column, field);
      } else if (!field.maybeYounger()) {
        throw ErrorCode.CORRUPT.because("the record has no column for field '%s'", field.name());
      }
    }
  }

  /// Rows that are there get its default value, or none.
  private static void requireAddable(Field field) {
    if (!field.maybeYounger()) {
      throw ErrorCode.CORRUPT.because(
          "the record adds field '%s', which every row has to have", field.name());
    }
    try {
      requireVectors(field.type().form() == ColumnForm.LIST ? field.element() : field);
      requireForm(Columns.absent(field, 1), field);
    } catch (DbException e) {
      throw new DbException(
          ErrorCode.CORRUPT,
          "the record adds field '%s', which cannot be: %s".formatted(field.name(), e.text()),
          e);
    }
  }

  private static void requireVectors(Field field) {
    switch (field.type().form()) {
      case FLOAT_VECTOR -> requireDimensions(field, 1);
      case BYTE_VECTOR -> requireDimensions(field, field.type() == DataType.BINARY_VECTOR ? 8 : 1);
      case LIST -> throw ErrorCode.CORRUPT.because("lists of lists");
      case BOOL, INT32, INT64, FLOAT, DOUBLE, TEXT, BYTES -> {}
    }
  }

  private static void requireDimensions(Field field, int min) {
    if (field.dimension() < min || field.dimension() > MAX_DIMENSION) {
      throw ErrorCode.CORRUPT.because("vectors of %d dimensions", field.dimension());
    }
  }

  private static void requireForm(Column column, Field field) {
    ColumnForm form = field.type().form();
    if (column.form() != form) {
      throw ErrorCode.CORRUPT.because(
          "a column of form %s for field '%s' of type %s",
          column.form(), field.name(), field.type().milvusName());
    }
    if (column instanceof NullableColumn(Column values, _)) {
      if (!field.nullable()) {
        throw ErrorCode.CORRUPT.because("nulls for field '%s', which has none", field.name());
      }
      requireForm(values, field);
    }
    if (column instanceof ListColumn(Column elements, _)) {
      requireForm(elements, field.element());
    }
    if (column instanceof FloatVectorColumn(_, int dimension) && dimension != field.dimension()) {
      throw ErrorCode.CORRUPT.because(
          "vectors of dimension %d for field '%s' of %d",
          dimension, field.name(), field.dimension());
    }
    if (column instanceof ByteVectorColumn(_, int rowBytes) && rowBytes != field.vectorBytes()) {
      throw ErrorCode.CORRUPT.because(
          "vectors of %d bytes for field '%s' of %d", rowBytes, field.name(), field.vectorBytes());
    }
  }
}
