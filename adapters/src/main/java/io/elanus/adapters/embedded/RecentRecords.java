package io.elanus.adapters.embedded;

import java.util.ArrayList;
import java.util.List;

/// The newest durable records of a log, for readers that follow its end. Guarded by the log's gate.
final class RecentRecords {
  private static final int MAX_RECORDS = 4096;
  private static final long MAX_BYTES = 4 << 20;

  private static final byte[] NONE = {};

  private final byte[][] ring = new byte[MAX_RECORDS][];
  private long firstOffset;
  private long endOffset;
  private long bytes;

  /// @param offset of the next record
  RecentRecords(long offset) {
    this.firstOffset = offset;
    this.endOffset = offset;
  }

  void add(byte[] record) {
    while (endOffset - firstOffset == MAX_RECORDS) {
      forgetFirst();
    }
    ring[slot(endOffset)] = record;
    endOffset++;
    bytes += record.length;
    while (bytes > MAX_BYTES) {
      forgetFirst();
    }
  }

  void forgetBefore(long offset) {
    while (firstOffset < Math.min(offset, endOffset)) {
      forgetFirst();
    }
  }

  private void forgetFirst() {
    bytes -= at(firstOffset).length;
    ring[slot(firstOffset)] = NONE;
    firstOffset++;
  }

  /// All records from `offset` on; none when it is forgotten or not yet there.
  List<byte[]> from(long offset) {
    List<byte[]> found = new ArrayList<>();
    if (offset >= firstOffset) {
      for (long next = offset; next < endOffset; next++) {
        found.add(at(next));
      }
    }
    return found;
  }

  private byte[] at(long offset) {
    return ring[slot(offset)];
  }

  private static int slot(long offset) {
    return (int) (offset % MAX_RECORDS);
  }
}
