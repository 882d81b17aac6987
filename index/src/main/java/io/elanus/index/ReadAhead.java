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

  /// Whether the file may be on a disk.
  private final boolean disk;

  private final MemorySegment file;
  private final HnswHeader header;
  private final VisitedRows asked;
  private final int[] next = new int[BEAM];
  private final Pace pace = new Pace(SLOW_NANOS);
  private long begun;

  ReadAhead(MemorySegment file, HnswHeader header) {
    this.file = file;
    this.header = header;
    this.disk = header.paged() && file.isMapped();
    this.asked = new VisitedRows(disk ? header.count() : 0);
  }

  /// A walk begins.
  void clear() {
    asked.clear();
  }

  /// The walk is about to read a record, and then, as it looks now, those of the first in `pool`.
  void begin(CandidatePool pool) {
    if (!disk) {
      return;
    }
    if (pace.isSlow()) {
      int count = pool.unseen(next);
      for (int i = 0; i < count; i++) {
        if (asked.add(next[i])) {
          long at = header.baseStart() + header.baseStride() * next[i];
          PageAdvice.soon(file, at, header.baseStride());
        }
      }
    }
    begun = pace.begin();
  }

  /// The record was read.
  void end() {
    if (disk) {
      pace.end(begun, 1);
    }
  }
}
