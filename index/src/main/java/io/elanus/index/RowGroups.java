package io.elanus.index;

/// What the rows of an index are grouped by. One thread.
@FunctionalInterface
public interface RowGroups {
  /// The group of rows that are not to be found.
  Object NONE = new Object();

  /// The row's group: any value, equal for the rows of one group.
  Object group(int row);

  /// The order of two rows that are equally near. 0 for rows that are one and the same to the caller: of these only the nearest of a
  /// group counts.
  default int compare(int row, int other) {
    return Integer.compare(row, other);
  }
}
