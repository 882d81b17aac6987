package io.elanus.datanode;

import java.util.concurrent.atomic.LongAdder;

/// What the compactions of this node read and removed since its start. Any thread.
final class CompactionCounts {
  private final LongAdder rows = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder removedRows = new LongAdder();

  void compacted(long rowCount, long sizeBytes, long removed) {
    rows.add(rowCount);
    bytes.add(sizeBytes);
    removedRows.add(removed);
  }

  long rows() {
    return rows.sum();
  }

  long bytes() {
    return bytes.sum();
  }

  long removedRows() {
    return removedRows.sum();
  }
}
