package io.elanus.segment.tail;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Key;
import io.elanus.common.model.PartitionId;
import io.elanus.index.Metric;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.KeyView;
import io.elanus.segment.column.RowBits;
import io.elanus.segment.column.RowBlock;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/// Consecutive rows of the tail, in the order of (version, index). Immutable but for the marks of
/// deleted rows, which change nothing a reader of an older version can see.
public final class TailBlock implements RowBlock {
  private final int rowCount;
  private final Map<Long, ColumnView> columns;
  private final KeyView keys;
  private final long[] partitions;
  private final DeletionMarks marks;
  private final TailIndexes indexes;

  TailBlock(
      int rowCount,
      Map<Long, ColumnView> columns,
      long keyField,
      long[] partitions,
      DeletionMarks marks,
      TailIndexes indexes) {
    this.rowCount = rowCount;
    this.columns = columns;
    this.partitions = partitions;
    this.marks = marks;
    this.indexes = indexes;
    this.keys = (KeyView) column(keyField);
  }

  @Override
  public int rowCount() {
    return rowCount;
  }

  @Override
  public ColumnView column(long fieldId) {
    ColumnView column = columns.get(fieldId);
    if (column == null) {
      throw ErrorCode.FIELD_NOT_FOUND.with("fieldID", fieldId);
    }
    return column;
  }

  @Override
  public KeyView keys() {
    return keys;
  }

  @Override
  public boolean sortedByKey() {
    return false;
  }

  public PartitionId partition(int row) {
    return new PartitionId(partitions[row]);
  }

  /// The index over the vectors of a field: of the block if it has all that its chunk will ever have.
  public TailIndex index(long fieldId, Metric metric) {
    return indexes.of(fieldId, metric);
  }

  long indexBytes() {
    return indexes.sizeBytes();
  }

  /// The version at which the row was deleted, [DeletionMarks#NEVER] when it was not.
  long deletedAt(int row) {
    return marks.at(row);
  }

  /// The rows a reader sees.
  ///
  /// @param after rows up to this version are elsewhere
  /// @param at the version read at
  /// @param wanted partitions; all when empty
  public long[] visible(long after, long at, Set<PartitionId> wanted) {
    int from = firstRowAfter(after);
    int to = firstRowAfter(at);
    long[] words = RowBits.range(rowCount, from, to);
    if (marks.any()) {
      removeIf(words, from, to, row -> marks.at(row) <= at);
    }
    if (!wanted.isEmpty()) {
      removeIf(words, from, to, row -> !wanted.contains(partition(row)));
    }
    return words;
  }

  private static void removeIf(long[] words, int from, int to, IntPredicate unwanted) {
    for (int row = from; row < to; row++) {
      if (unwanted.test(row)) {
        RowBits.remove(words, row);
      }
    }
  }

  /// The first row with a version above `version`.
  public int firstRowAfter(long version) {
    return versions().upperBound(Key.of(version));
  }
}
