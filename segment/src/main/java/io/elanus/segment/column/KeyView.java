package io.elanus.segment.column;

import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Key;

/// A column of primary keys.
///
/// The bounds are for columns in ascending order of their keys: the rows of `key` are
/// `lowerBound(key) .. upperBound(key) - 1`. A key of the other type lies before or after all.
public sealed interface KeyView extends ColumnView permits ColumnView.Longs, ColumnView.Texts {
  Key key(int row);

  /// The order of the keys of two rows, the second of `other`, which has the same type.
  int compareRows(int row, KeyView other, int otherRow);

  /// The first row whose key is at or after `key`; `rowCount` when there is none.
  int lowerBound(Key key);

  /// The first row whose key is after `key`; `rowCount` when there is none.
  int upperBound(Key key);

  @Override
  KeyColumn select(int[] rows);
}
