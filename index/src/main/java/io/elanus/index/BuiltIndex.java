package io.elanus.index;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A finished index over some vectors: the bytes of its file, in memory. Immutable.
///
/// The memory is that of its [BuildMemory], and lasts as long.
public final class BuiltIndex {
  /// A huge page, on which file systems with large folios put what is written in one go (docs/decisions/0151-huge-pages.md).
  private static final int WRITE_CHUNK_BYTES = 2 << 20;

  private final MemorySegment file;

  /// `file` is complete but for its checksum, which is written here.
  BuiltIndex(MemorySegment file) {
    IndexFile.writeChecksum(file);
    this.file = file.asReadOnly();
  }

  public int count() {
    return IndexFile.count(file);
  }

  public int dimension() {
    return IndexFile.dimension(file);
  }

  public Metric metric() {
    return IndexFile.metric(file);
  }

  /// The size of the file.
  public long sizeBytes() {
    return file.byteSize();
  }

  /// Writes the file to `channel`, which stays open.
  public void writeTo(WritableByteChannel channel) throws IOException {
    for (long at = 0; at < file.byteSize(); at += WRITE_CHUNK_BYTES) {
      long size = Math.min(WRITE_CHUNK_BYTES, file.byteSize() - at);
      var chunk = file.asSlice(at, size).asByteBuffer();
      while (chunk.hasRemaining()) {
        channel.write(chunk);
      }
    }
  }

  /// Writes the file to `path`, which must not exist yet. Does not force it to the disk.
  public void writeTo(Path path) throws IOException {
    try (var channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeTo(channel);
    }
  }

  MemorySegment file() {
    return file;
  }
}
