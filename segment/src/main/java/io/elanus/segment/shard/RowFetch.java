package io.elanus.segment.shard;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.Column;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.RowBatch;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.KeyView;
import io.elanus.segment.column.RowBlock;
import io.elanus.segment.column.RowGather;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Finds rows by their addresses and copies their values.
final class RowFetch {
  private static final int MISSING = -1;

  private final List<Part> parts;

  RowFetch(List<Part> parts) {
    this.parts = parts;
  }

  /// @param heap asked for the values before they are copied
  RowBatch fetch(List<RowAddress> addresses, List<Field> fields, HeapShare heap) {
    int[] partOf = new int[addresses.size()];
    int[] rowOf = new int[addresses.size()];
    for (int i = 0; i < addresses.size(); i++) {
      partOf[i] = findPart(addresses.get(i));
      rowOf[i] = row(parts.get(partOf[i]), addresses.get(i));
    }
    int[] used = Arrays.stream(partOf).distinct().sorted().toArray();
    int[] usedOf = Arrays.stream(partOf).map(p -> Arrays.binarySearch(used, p)).toArray();
    List<RowGather> gathers =
        fields.stream().map(field -> new RowGather(field, views(field, used))).toList();
    heap.take(gathers.stream().mapToLong(gather -> gather.sizeBytes(usedOf, rowOf)).sum());
    SortedMap<Long, Column> columns = new TreeMap<>();
    for (RowGather gather : gathers) {
      columns.put(gather.field().id(), gather.gather(usedOf, rowOf));
    }
    return new RowBatch(addresses.size(), columns);
  }

  private List<ColumnView> views(Field field, int[] used) {
    return Arrays.stream(used).mapToObj(p -> parts.get(p).block().column(field.id())).toList();
  }

  private int findPart(RowAddress address) {
    for (int p = 0; p < parts.size(); p++) {
      if (parts.get(p).owns(address.hint()) && row(parts.get(p), address) != MISSING) {
        return p;
      }
    }
    for (int p = 0; p < parts.size(); p++) {
      if (row(parts.get(p), address) != MISSING) {
        return p;
      }
    }
    throw ErrorCode.SEGMENT_NOT_LOADED.because(
        "row %s at version %d is not in this snapshot", address.key(), address.version());
  }

  /// The row of `address` in `part`, or [#MISSING].
  private static int row(Part part, RowAddress address) {
    RowBlock block = part.block();
    int hinted = part.row(address.hint());
    if (hinted >= 0 && hinted < block.rowCount() && is(block, hinted, address)) {
      return hinted;
    }
    return block.sortedByKey() ? rowByKey(block, address) : rowByVersion(block, address);
  }

  private static int rowByKey(RowBlock block, RowAddress address) {
    KeyView keys = block.keys();
    int end = keys.upperBound(address.key());
    for (int row = keys.lowerBound(address.key()); row < end; row++) {
      if (is(block, row, address)) {
        return row;
      }
    }
    return MISSING;
  }

  /// Rows of the tail are in the order of (version, index), and a record's rows have consecutive
  /// indexes.
  private static int rowByVersion(RowBlock block, RowAddress address) {
    int first = block.versions().lowerBound(Key.of(address.version()));
    if (first == block.rowCount()) {
      return MISSING;
    }
    int row = first + address.index() - block.indexes().get(first);
    boolean inside = row >= first && row < block.rowCount();
    return inside && is(block, row, address) ? row : MISSING;
  }

  private static boolean is(RowBlock block, int row, RowAddress address) {
    return block.versions().get(row) == address.version()
        && block.indexes().get(row) == address.index()
        && block.keys().key(row).equals(address.key());
  }
}
