package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// Sorts the rows by their hashes in each band; threads share the bands. The same signatures make the same bytes, however many
/// threads there are.
final class MinHashBuilder {
  /// So many rows are hashed between two looks at whether the build is cancelled.
  private static final int UNASKED_ROWS = 4096;

  private final Signatures signatures;
  private final BuildControl control;
  private final MinHashHeader header;
  private final MemorySegment file;
  private final AtomicInteger finished = new AtomicInteger();

  private MinHashBuilder(Signatures signatures, BuildControl control) {
    this.signatures = signatures;
    this.control = control;
    this.header = MinHashHeader.of(signatures);
    this.file = control.memory().allocate(header.fileBytes(), IndexFile.ALIGNMENT);
  }

  static BuiltIndex build(Signatures signatures, BuildControl control) {
    return new MinHashBuilder(signatures, control).build();
  }

  private BuiltIndex build() {
    header.write(file);
    new BuildCrew(control, header.bands()).run(this::worker);
    return new BuiltIndex(file);
  }

  private IntConsumer worker() {
    long[] sorted = new long[header.count()];
    return band -> {
      hash(band, sorted);
      Arrays.sort(sorted);
      new MinHashBand(header.hashes(file, band), header.rows(file, band), header.count())
          .write(sorted);
      control.progress().advanced(finished.incrementAndGet(), header.bands());
    };
  }

  private void hash(int band, long[] keys) {
    MemorySegment data = signatures.vectors().data();
    int bytes = signatures.bandBytes();
    long at = (long) bytes * band;
    for (int row = 0; row < keys.length; row++) {
      if (row % UNASKED_ROWS == 0 && control.cancelled().getAsBoolean()) {
        throw new CancellationException("index build cancelled in band " + band);
      }
      keys[row] = (long) Signatures.hash(data, at, bytes) << Integer.SIZE | row;
      at += header.rowBytes();
    }
  }
}
