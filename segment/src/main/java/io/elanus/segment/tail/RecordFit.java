package io.elanus.segment.tail;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Field;
import io.elanus.common.model.RowBatch;
import io.elanus.common.record.LogRecord;
import java.util.Optional;

/// Whether records fit the schema they are to be applied under. Checked before anything of a record takes
/// effect, so that none takes effect by half.
final class RecordFit {
  private final CollectionSchema schema;

  /// Why no row of this schema can be held; empty when they can.
  private final Optional<DbException> unsupported;

  RecordFit(CollectionSchema schema) {
    this.schema = schema;
    this.unsupported = unsupported(schema);
  }

  /// @throws DbException `CORRUPT`, `UNSUPPORTED`
  void require(LogRecord record) {
    switch (record) {
      case LogRecord.Insert insert -> requireRows(insert.rows());
      case LogRecord.Upsert upsert -> {
        requireType(upsert.replaced(), schema.primaryKey());
        requireRows(upsert.rows());
      }
      case LogRecord.Delete delete -> requireType(delete.keys(), schema.primaryKey());
      case LogRecord.DropCollection _, LogRecord.Barrier _, LogRecord.Expire _ -> {}
    }
  }

  private void requireRows(RowBatch rows) {
    if (unsupported.isPresent()) {
      throw unsupported.get();
    }
    for (Field field : schema.fields()) {
      Column column = rows.columns().get(field.id());
      if (column == null) {
        throw ErrorCode.CORRUPT.because("the record has no column for field '%s'", field.name());
      }
      requireType(column, field);
    }
  }

  private static void requireType(Column column, Field field) {
    if (column.type() != field.type()) {
      throw ErrorCode.CORRUPT.because(
          "a column of type %s for field '%s' of type %s",
          column.type().milvusName(), field.name(), field.type().milvusName());
    }
    if (column instanceof FloatVectorColumn(_, int dimension) && dimension != field.dimension()) {
      throw ErrorCode.CORRUPT.because(
          "vectors of dimension %d for field '%s' of %d",
          dimension, field.name(), field.dimension());
    }
  }

  private static Optional<DbException> unsupported(CollectionSchema schema) {
    try {
      schema.fields().forEach(TailColumn::of);
      return Optional.empty();
    } catch (DbException e) {
      return Optional.of(e);
    }
  }
}
