package io.elanus.common.model;

import java.util.stream.IntStream;

/// Rows of any number of values each, which lie one after the other.
///
/// ```
/// starts    0 2 2 5
/// elements  a b c d e      rows: [a b] [] [c d e]
/// ```
///
/// @param elements of all rows; neither a list nor nullable itself
/// @param starts `rowCount + 1` of them, ascending from 0: where the elements of each row begin; not copied
public record ListColumn(Column elements, int[] starts) implements Column {
  public ListColumn {
    if (elements instanceof ListColumn || elements instanceof NullableColumn) {
      throw new IllegalArgumentException("no list of lists or of nulls");
    }
    if (starts.length == 0 || starts[0] != 0 || starts[starts.length - 1] != elements.rowCount()) {
      throw new IllegalArgumentException("lists do not cover %d".formatted(elements.rowCount()));
    }
    for (int row = 1; row < starts.length; row++) {
      if (starts[row] < starts[row - 1]) {
        throw new IllegalArgumentException("list %d ends before it starts".formatted(row - 1));
      }
    }
  }

  public int length(int row) {
    return starts[row + 1] - starts[row];
  }

  /// The elements of one row.
  public Column row(int row) {
    return elements.select(range(row));
  }

  private int[] range(int row) {
    return IntStream.range(starts[row], starts[row + 1]).toArray();
  }

  @Override
  public int rowCount() {
    return starts.length - 1;
  }

  @Override
  public ColumnForm form() {
    return ColumnForm.LIST;
  }

  @Override
  public ListColumn select(int[] rows) {
    int[] selected = new int[rows.length + 1];
    for (int i = 0; i < rows.length; i++) {
      selected[i + 1] = Math.addExact(selected[i], length(rows[i]));
    }
    int[] chosen = new int[selected[rows.length]];
    int at = 0;
    for (int row : rows) {
      for (int element = starts[row]; element < starts[row + 1]; element++) {
        chosen[at++] = element;
      }
    }
    return new ListColumn(elements.select(chosen), selected);
  }

  @Override
  public long sizeBytes() {
    return elements.sizeBytes() + starts.length * 4L;
  }
}
