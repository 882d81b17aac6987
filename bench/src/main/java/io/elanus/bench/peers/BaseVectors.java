package io.elanus.bench.peers;

import io.elanus.bench.vectors.Npy;
import io.elanus.index.DenseVectors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The rows of a set off heap, where servers have them.
final class BaseVectors {
  private BaseVectors() {}

  /// @param pages of memory, or of a file
  static DenseVectors of(Npy base, Pages pages) throws IOException {
    long bytes = (long) Float.BYTES * base.rows() * base.columns();
    MemorySegment data =
        pages == Pages.MAPPED ? scratch(bytes) : Arena.global().allocate(bytes, 64);
    for (int row = 0; row < base.rows(); row++) {
      long start = (long) Float.BYTES * base.columns() * row;
      MemorySegment.copy(base.row(row), 0, data, ValueLayout.JAVA_FLOAT, start, base.columns());
    }
    return new DenseVectors(data, base.rows(), base.columns());
  }

  private static MemorySegment scratch(long bytes) throws IOException {
    Path file = Files.createTempFile("elanus-bench", ".vectors");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.global());
    }
  }
}
