package io.elanus.segment.shard;

import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.Key;
import io.elanus.segment.column.KeyView;
import io.elanus.segment.column.RowBits;
import java.util.ArrayList;
import java.util.List;

/// Gathers the first keys of several parts, of each key its newest row.
final class FirstKeys {
  private final int limit;
  private final HeapShare heap;
  private List<RowAddress> kept = new ArrayList<>();

  /// @param limit keys; at least 1
  /// @param heap asked for the addresses before they are gathered
  FirstKeys(int limit, HeapShare heap) {
    this.limit = limit;
    this.heap = heap;
  }

  /// @param rows of `part`; as in [RowBits]
  void add(Part part, long[] rows) {
    boolean sorted = part.block().sortedByKey();
    long count = RowBits.count(rows);
    heap.take(RowAddress.HEAP_BYTES * (sorted ? Math.min(count, limit) : count));
    if (sorted) {
      addSorted(part, rows);
    } else {
      addAll(part, rows);
    }
    trim();
  }

  /// By key, at most `limit`.
  List<RowAddress> addresses() {
    return List.copyOf(kept);
  }

  private void addAll(Part part, long[] rows) {
    for (int row = RowBits.next(rows, 0); row >= 0; row = RowBits.next(rows, row + 1)) {
      kept.add(part.address(row));
    }
  }

  /// Only the first `limit` keys of the part can be among the first of all.
  private void addSorted(Part part, long[] rows) {
    KeyView keys = part.block().keys();
    int previous = -1;
    int distinct = 0;
    for (int row = RowBits.next(rows, 0); row >= 0; row = RowBits.next(rows, row + 1)) {
      if (previous < 0 || keys.compareRows(previous, keys, row) != 0) {
        distinct++;
      }
      if (distinct > limit) {
        return;
      }
      kept.add(part.address(row));
      previous = row;
    }
  }

  private void trim() {
    kept.sort(RowAddress.ORDER);
    List<RowAddress> first = new ArrayList<>();
    for (RowAddress address : kept) {
      boolean repeated = !first.isEmpty() && sameKey(first.getLast(), address);
      if (!repeated && first.size() == limit) {
        break;
      }
      if (!repeated) {
        first.add(address);
      }
    }
    kept = first;
  }

  private static boolean sameKey(RowAddress a, RowAddress b) {
    Key key = a.key();
    return key.equals(b.key());
  }
}
