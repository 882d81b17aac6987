package io.elanus.segment.file;

import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.ColumnView.Lists;
import io.elanus.segment.column.ColumnView.Nullables;
import io.elanus.segment.column.RowBits;
import io.elanus.segment.column.Validity;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// One column of the rows of a segment, taken apart into what a file has of it: which rows have a value, where
/// the elements of each begin, and the values without gaps.
///
/// @param validity empty when no row can be null
/// @param starts empty when a row has one value only; of the rows with a value
record ColumnWriter(
    ParquetColumn column, Optional<Validity> validity, Optional<int[]> starts, ValueWriter values) {
  static ColumnWriter of(ParquetColumn column, SegmentRows rows) throws IOException {
    List<ColumnView> views = rows.views(column.fieldId(), ColumnView.class);
    RowRefs refs = RowRefs.of(rows.order());
    Optional<Validity> validity = Optional.empty();
    if (column.nullable()) {
      List<Nullables> nullables = views.stream().map(Nullables.class::cast).toList();
      validity = Optional.of(validity(nullables, refs, rows.rowCount()));
      views = nullables.stream().map(Nullables::values).toList();
      refs = refs.valid(nullables);
    }
    Optional<int[]> starts = Optional.empty();
    if (column.shape() instanceof ParquetColumn.Shape.Lists) {
      List<Lists> lists = views.stream().map(Lists.class::cast).toList();
      int count = validity.map(Validity::count).orElse(rows.rowCount());
      starts = Optional.of(starts(lists, refs, count));
      views = lists.stream().map(Lists::elements).toList();
      refs = refs.elements(lists);
    }
    return new ColumnWriter(column, validity, starts, ValueWriter.of(column.leaf(), views, refs));
  }

  private static Validity validity(List<Nullables> views, RowRefs refs, int rowCount)
      throws IOException {
    long[] words = RowBits.none(rowCount);
    int[] at = new int[1];
    refs.forEach((block, row) -> {
      if (views.get(block).validity().has(row)) {
        RowBits.add(words, at[0]);
      }
      at[0]++;
    });
    return Validity.of(words, rowCount);
  }

  private static int[] starts(List<Lists> views, RowRefs refs, int count) throws IOException {
    int[] starts = new int[count + 1];
    int[] at = new int[1];
    refs.forEach((block, row) -> {
      Lists lists = views.get(block);
      int length = lists.start(row + 1) - lists.start(row);
      starts[at[0] + 1] = Math.addExact(starts[at[0]], length);
      at[0]++;
    });
    return starts;
  }

  Levels levels(int rowCount) {
    return Levels.of(
        column.shape(),
        rowCount,
        validity,
        rank -> {
          int[] of = starts.orElseThrow();
          return of[rank + 1] - of[rank];
        });
  }
}
