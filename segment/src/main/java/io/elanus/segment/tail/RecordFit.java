package io.elanus.segment.tail;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.ColumnForm;
import io.elanus.common.model.Field;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.RowBatch;
import io.elanus.common.record.LogRecord;

/// Whether records fit the schema they are to be applied under. Checked before anything of a record takes
/// effect, so that none takes effect by half.
final class RecordFit {
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
      case LogRecord.DropCollection _,
          LogRecord.Truncate _,
          LogRecord.DropPartition _,
          LogRecord.Rename _,
          LogRecord.AddField _,
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
