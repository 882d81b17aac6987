package io.elanus.segment.file;

import io.elanus.common.model.CollectionSchema;
import io.elanus.segment.column.ColumnView;
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
