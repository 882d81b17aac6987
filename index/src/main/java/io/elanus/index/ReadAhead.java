package io.elanus.index;

import java.lang.foreign.MemorySegment;

/// Has the records of the next candidates of a walk read while it waits for that of the first, as long as records come from a disk:
/// disks answer several requests in little more than the time of one. One thread, reused.
///
/// Source: Subramanya and others, DiskANN, 2019, which reads the records of a beam of four at once.
final class ReadAhead {
  private static final int BEAM = 4;

  /// From memory a record comes in less than a microsecond, from a disk in no less than some ten.
  private static final long SLOW_NANOS = 20_000;

  /// Hops for which a slow one is taken as a sign of more.
  private static final int SPAN = 32;

  private final MemorySegment file;
  private final HnswHeader header;
  private final VisitedRows asked;
  private final int[] next = new int[BEAM];
  private int left;
  private long start;

  ReadAhead(MemorySegment file, HnswHeader header) {
    this.file = file;
    this.header = header;
    this.asked = new VisitedRows(file.isMapped() ? header.count() : 0);
  }

  /// A walk begins.
  void clear() {
    asked.clear();
  }

  /// The walk is about to read a record, and then, as it looks now, those of the first in `pool`.
  void begin(CandidatePool pool) {
    if (left > 0 && file.isMapped()) {
      left--;
      int count = pool.unseen(next);
      for (int i = 0; i < count; i++) {
        if (asked.add(next[i])) {
          long at = header.baseStart() + header.baseStride() * next[i];
          PageAdvice.soon(file, at, header.baseStride());
        }
      }
    }
    start = System.nanoTime();
  }

  /// The record was read.
  void end() {
    if (System.nanoTime() - start > SLOW_NANOS) {
      left = SPAN;
    }
  }
}
