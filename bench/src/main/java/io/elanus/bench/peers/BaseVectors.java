package io.elanus.bench.peers;

import io.elanus.bench.vectors.Npy;
import io.elanus.common.object.ObjectStore;
import io.elanus.index.DenseVectors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
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
    if (pages == Pages.MAPPED) {
      try (Arena arena = Arena.ofConfined()) {
        return of(base, inFile(filled(base, arena.allocate(bytes, 64))));
      }
    }
    return of(base, filled(base, Arena.global().allocate(bytes, 64)));
  }

  private static DenseVectors of(Npy base, MemorySegment data) {
    return new DenseVectors(data, base.rows(), base.columns());
  }

  private static MemorySegment filled(Npy base, MemorySegment data) {
    for (int row = 0; row < base.rows(); row++) {
      long start = (long) Float.BYTES * base.columns() * row;
      MemorySegment.copy(base.row(row), 0, data, ValueLayout.JAVA_FLOAT, start, base.columns());
    }
    return data;
  }

  /// Written in pieces as large as those of a server's cache.
  private static MemorySegment inFile(MemorySegment data) throws IOException {
    Path file = Files.createTempFile("elanus-bench", ".vectors");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      for (long at = 0; at < data.byteSize(); at += ObjectStore.FILE_PIECE_BYTES) {
        long size = Math.min(ObjectStore.FILE_PIECE_BYTES, data.byteSize() - at);
        ByteBuffer piece = data.asSlice(at, size).asByteBuffer();
        while (piece.hasRemaining()) {
          channel.write(piece);
        }
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, data.byteSize(), Arena.global());
    }
  }
}
