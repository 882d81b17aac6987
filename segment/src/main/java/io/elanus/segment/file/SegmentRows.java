package io.elanus.segment.file;

import io.elanus.common.model.CollectionSchema;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.RowBits;
import io.elanus.segment.column.RowBlock;
import java.util.List;

/// The rows of a segment to be written: places in blocks, in the order of (key, version, index).
///
/// @param order a [#ref] for each row; not copied
public record SegmentRows(CollectionSchema schema, List<? extends RowBlock> blocks, long[] order) {
  public SegmentRows {
    blocks = List.copyOf(blocks);
  }

  /// The rows at `refs`, in whatever order they come.
  public static SegmentRows sorted(
      CollectionSchema schema, List<? extends RowBlock> blocks, long[] refs) {
    return new SegmentRows(schema, blocks, RowOrder.sorted(blocks, refs));
  }

  /// The rows of `blocks` that are chosen. Each block is in the order of (key, version, index).
  ///
  /// @param chosen a set of rows for each block, as [io.elanus.segment.column.RowBits]
  public static SegmentRows merged(
      CollectionSchema schema, List<? extends RowBlock> blocks, List<long[]> chosen) {
    int[] runs = new int[blocks.size() + 1];
    for (int b = 0; b < blocks.size(); b++) {
      runs[b + 1] = Math.addExact(runs[b], RowBits.count(chosen.get(b)));
    }
    long[] refs = new long[runs[blocks.size()]];
    int at = 0;
    for (int b = 0; b < blocks.size(); b++) {
      long[] rows = chosen.get(b);
      for (int row = RowBits.next(rows, 0); row >= 0; row = RowBits.next(rows, row + 1)) {
        refs[at++] = ref(b, row);
      }
    }
    return new SegmentRows(schema, blocks, RowOrder.merged(blocks, refs, runs));
  }

  /// Row `row` of block number `block`.
  public static long ref(int block, int row) {
    return (long) block << 32 | row;
  }

  static int block(long ref) {
    return (int) (ref >>> 32);
  }

  static int row(long ref) {
    return (int) ref;
  }

  public int rowCount() {
    return order.length;
  }

  /// The column of `fieldId` in each block, in the order of the blocks.
  <T extends ColumnView> List<T> views(long fieldId, Class<T> type) {
    return blocks.stream().map(block -> type.cast(block.column(fieldId))).toList();
  }
}
