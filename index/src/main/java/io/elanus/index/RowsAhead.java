package io.elanus.index;

import java.lang.foreign.MemorySegment;

/// Has rows that are scored together read together, as long as rows come from a disk. Any number of threads may use it; what one of
/// them sees of the disk's slowness is told to all.
///
/// Source: as [ReadAhead].
final class RowsAhead {
  /// For each row; from memory it takes a tenth of a microsecond.
  private static final long SLOW_NANOS = 5_000;

  /// Blocks for which a slow one is taken as a sign of more.
  private static final int SPAN = 32;

  private final MemorySegment data;
  private final long rowBytes;
  private volatile int left;

  RowsAhead(DenseVectors vectors) {
    this.data = vectors.data();
    this.rowBytes = vectors.rowBytes();
  }

  /// The rows are about to be read.
  void ask(int[] rows) {
    int slow = left;
    if (slow > 0 && data.isMapped()) {
      left = slow - 1;
      for (int row : rows) {
        PageAdvice.soon(data, rowBytes * row, rowBytes);
      }
    }
  }

  /// So many rows took so long.
  void took(long nanos, int rows) {
    if (nanos > SLOW_NANOS * rows) {
      left = SPAN;
    }
  }
}
