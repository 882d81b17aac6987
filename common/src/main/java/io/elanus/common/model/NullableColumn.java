package io.elanus.common.model;

import java.util.Arrays;

/// The values of a field some of whose rows have none. Values lie without gaps, as everywhere in Elanus
/// (docs/decisions/0071-nulls.md): a row that is null takes no place.
///
/// ```
/// valid   1 0 0 1 1
/// values  a . . b c        rank of a row: how many valid ones come before it
/// ```
///
/// @param values of the valid rows, in their order; not nullable itself
/// @param valid one flag per row; not copied
public record NullableColumn(Column values, boolean[] valid) implements Column {
  public NullableColumn {
    if (values instanceof NullableColumn) {
      throw new IllegalArgumentException("the values of a nullable column are not nullable");
    }
    int count = count(valid);
    if (values.rowCount() != count) {
      throw new IllegalArgumentException(
          "%d values for %d valid rows".formatted(values.rowCount(), count));
    }
  }

  /// `column` without any row that is null.
  public static NullableColumn allValid(Column column) {
    if (column instanceof NullableColumn nullable) {
      return nullable;
    }
    boolean[] valid = new boolean[column.rowCount()];
    Arrays.fill(valid, true);
    return new NullableColumn(column, valid);
  }

  /// How many flags are set.
  public static int count(boolean[] valid) {
    int count = 0;
    for (boolean one : valid) {
      count += one ? 1 : 0;
    }
    return count;
  }

  /// The rank of each row. That of a row which is null is the next valid one's.
  public int[] ranks() {
    int[] ranks = new int[valid.length];
    int next = 0;
    for (int row = 0; row < valid.length; row++) {
      ranks[row] = next;
      next += valid[row] ? 1 : 0;
    }
    return ranks;
  }

  @Override
  public int rowCount() {
    return valid.length;
  }

  @Override
  public ColumnForm form() {
    return values.form();
  }

  @Override
  public NullableColumn select(int[] rows) {
    boolean[] selected = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = valid[rows[i]];
    }
    int[] ranks = ranks();
    int[] chosen = new int[count(selected)];
    int at = 0;
    for (int row : rows) {
      if (valid[row]) {
        chosen[at++] = ranks[row];
      }
    }
    return new NullableColumn(values.select(chosen), selected);
  }

  @Override
  public long sizeBytes() {
    return values.sizeBytes() + valid.length;
  }
}
