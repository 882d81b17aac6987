package io.elanus.segment.column;

import io.elanus.common.manifest.ColumnLocation;

/// Rows in columns, in place: a segment, or a piece of the tail.
public interface RowBlock {
  int rowCount();

  /// The column of a field, or a system column by its id in [ColumnLocation].
  ///
  /// @throws io.elanus.common.error.DbException `FIELD_NOT_FOUND` when the block has no such column
  ColumnView column(long fieldId);

  /// The primary keys.
  KeyView keys();

  /// Whether rows are in the order of their keys.
  boolean sortedByKey();

  default ColumnView.Longs versions() {
    return (ColumnView.Longs) column(ColumnLocation.VERSION);
  }

  default ColumnView.Ints indexes() {
    return (ColumnView.Ints) column(ColumnLocation.INDEX);
  }
}
