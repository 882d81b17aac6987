package io.elanus.common.model;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Column.KeyColumn;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Rows in columns, by field id. All columns have `rowCount` rows.
public record RowBatch(int rowCount, SortedMap<Long, Column> columns) {
  public RowBatch {
    columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    for (Map.Entry<Long, Column> entry : columns.entrySet()) {
      int rows = entry.getValue().rowCount();
      if (rows != rowCount) {
        throw new IllegalArgumentException(
            "column %d has %d rows, the batch %d".formatted(entry.getKey(), rows, rowCount));
      }
    }
  }

  /// @throws io.elanus.common.error.DbException `FIELD_NOT_FOUND` when the batch has no such column
  public Column column(Field field) {
    Column column = columns.get(field.id());
    if (column == null) {
      throw ErrorCode.FIELD_NOT_FOUND.with("field", field.name());
    }
    return column;
  }

  public KeyColumn keys(CollectionSchema schema) {
    return (KeyColumn) column(schema.primaryKey());
  }

  public RowBatch select(int[] rows) {
    SortedMap<Long, Column> selected = new TreeMap<>();
    columns.forEach((id, column) -> selected.put(id, column.select(rows)));
    return new RowBatch(rows.length, selected);
  }

  public long sizeBytes() {
    return columns.values().stream().mapToLong(Column::sizeBytes).sum();
  }
}
