package io.elanus.segment.file;

import io.elanus.segment.column.ColumnView.Ints;
import io.elanus.segment.column.ColumnView.Longs;
import io.elanus.segment.column.KeyView;
import io.elanus.segment.column.RowBlock;
import java.util.List;

/// Sorts rows of several blocks by (key, version, index): a merge sort over their refs, since the
/// JDK has none for primitives with an order of one's own.
final class RowOrder {
  private final List<KeyView> keys;
  private final List<Longs> versions;
  private final List<Ints> indexes;

  private RowOrder(List<? extends RowBlock> blocks) {
    keys = blocks.stream().map(RowBlock::keys).toList();
    versions = blocks.stream().map(RowBlock::versions).toList();
    indexes = blocks.stream().map(RowBlock::indexes).toList();
  }

  /// @return a new array
  static long[] sorted(List<? extends RowBlock> blocks, long[] refs) {
    RowOrder order = new RowOrder(blocks);
    long[] source = refs.clone();
    long[] target = new long[refs.length];
    for (long width = 1; width < refs.length; width *= 2) {
      for (long start = 0; start < refs.length; start += 2 * width) {
        int middle = (int) Math.min(start + width, refs.length);
        int end = (int) Math.min(start + 2 * width, refs.length);
        order.merge(source, target, (int) start, middle, end);
      }
      long[] sorted = target;
      target = source;
      source = sorted;
    }
    return source;
  }

  /// As [#sorted], for refs that come in runs each of which is sorted: one pass for every doubling of their
  /// number.
  ///
  /// @param runs where each begins, ascending, and their end
  static long[] merged(List<? extends RowBlock> blocks, long[] refs, int[] runs) {
    RowOrder order = new RowOrder(blocks);
    long[] source = refs.clone();
    long[] target = new long[refs.length];
    int[] bounds = runs;
    while (bounds.length > 2) {
      int[] wider = new int[(bounds.length - 1 + 1) / 2 + 1];
      for (int i = 0; i + 1 < bounds.length; i += 2) {
        int end = bounds[Math.min(i + 2, bounds.length - 1)];
        order.merge(source, target, bounds[i], bounds[i + 1], end);
        wider[i / 2 + 1] = end;
      }
      bounds = wider;
      long[] merged = target;
      target = source;
      source = merged;
    }
    return source;
  }

  /// ```
  /// source  | start .. middle - 1 | middle .. end - 1 |    each half sorted
  /// target  | start ............................ end - 1 |
  /// ```
  private void merge(long[] source, long[] target, int start, int middle, int end) {
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft =
          right == end || (left < middle && compare(source[left], source[right]) <= 0);
      target[i] = takeLeft ? source[left++] : source[right++];
    }
  }

  private int compare(long a, long b) {
    int aBlock = SegmentRows.block(a);
    int bBlock = SegmentRows.block(b);
    int aRow = SegmentRows.row(a);
    int bRow = SegmentRows.row(b);
    int byKey = keys.get(aBlock).compareRows(aRow, keys.get(bBlock), bRow);
    if (byKey != 0) {
      return byKey;
    }
    int byVersion = Long.compare(versions.get(aBlock).get(aRow), versions.get(bBlock).get(bRow));
    return byVersion != 0
        ? byVersion
        : Integer.compare(indexes.get(aBlock).get(aRow), indexes.get(bBlock).get(bRow));
  }
}
