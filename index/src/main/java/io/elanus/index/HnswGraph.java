package io.elanus.index;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A finished graph over some vectors: the bytes of its file, in memory. Immutable.
///
/// The memory is off heap and freed when the graph and the indexes over it are garbage.
public final class HnswGraph {
  private static final int WRITE_CHUNK_BYTES = 1 << 20;

  private final HnswHeader header;
  private final MemorySegment file;

  /// `file` is complete, with its checksum.
  HnswGraph(HnswHeader header, MemorySegment file) {
    this.header = header;
    this.file = file;
  }

  public int count() {
    return header.count();
  }

  public int dimension() {
    return header.dimension();
  }

  public Metric metric() {
    return header.metric();
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

  HnswHeader header() {
    return header;
  }

  MemorySegment file() {
    return file.asReadOnly();
  }
}
