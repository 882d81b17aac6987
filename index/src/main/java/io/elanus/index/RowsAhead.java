package io.elanus.index;

import java.lang.foreign.MemorySegment;

/// Has rows that are scored together read together, as long as rows come from a disk. Any number of threads may use it; what one of
/// them sees of the disk's slowness is told to all.
///
/// Source: as [ReadAhead].
record RowsAhead(MemorySegment data, long rowBytes, Pace pace) {
  /// For each row; from memory it takes a tenth of a microsecond.
  private static final long SLOW_NANOS = 5_000;

  RowsAhead(DenseVectors vectors) {
    this(vectors.data(), vectors.rowBytes(), new Pace(SLOW_NANOS));
  }

  /// The rows are about to be read.
  void ask(int[] rows) {
    if (data.isMapped() && pace.isSlow()) {
      for (int row : rows) {
        PageAdvice.soon(data, rowBytes * row, rowBytes);
      }
    }
  }
}
