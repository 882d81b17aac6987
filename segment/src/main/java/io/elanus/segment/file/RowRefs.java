package io.elanus.segment.file;

import io.elanus.segment.column.ColumnView.Lists;
import io.elanus.segment.column.ColumnView.Nullables;
import java.io.IOException;
import java.util.List;

/// Places of values in blocks, in the order in which a file has them.
@FunctionalInterface
interface RowRefs {
  void forEach(Action action) throws IOException;

  @FunctionalInterface
  interface Action {
    void accept(int block, int row) throws IOException;
  }

  /// @param order as in [SegmentRows#ref]
  static RowRefs of(long[] order) {
    return action -> {
      for (long ref : order) {
        action.accept(SegmentRows.block(ref), SegmentRows.row(ref));
      }
    };
  }

  /// The ranks of those that have a value.
  default RowRefs valid(List<Nullables> views) {
    return action ->
        forEach((block, row) -> {
          var validity = views.get(block).validity();
          if (validity.has(row)) {
            action.accept(block, validity.rank(row));
          }
        });
  }

  /// The elements of each.
  default RowRefs elements(List<Lists> views) {
    return action ->
        forEach((block, row) -> {
          Lists lists = views.get(block);
          int end = lists.start(row + 1);
          for (int element = lists.start(row); element < end; element++) {
            action.accept(block, element);
          }
        });
  }

  default int count() throws IOException {
    int[] count = new int[1];
    forEach((_, _) -> count[0] = Math.addExact(count[0], 1));
    return count[0];
  }
}
