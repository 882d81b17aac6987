package io.elanus.adapters.s3;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.ObjectStore;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Collects bytes as they come and writes them to a file in pieces of [ObjectStore#FILE_PIECE_BYTES]. One thread.
///
/// A failure of the local disk is no failure of the bucket: not tried again.
final class FilePieces implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final ByteBuffer piece = arena.allocate(ObjectStore.FILE_PIECE_BYTES).asByteBuffer();
  private final FileChannel file;
  private long at;

  /// @param start where in the file the first byte goes
  FilePieces(FileChannel file, long start) {
    this.file = file;
    this.at = start;
  }

  /// Adds the first `count` bytes of `chunk`.
  void add(byte[] chunk, int count) {
    for (int from = 0; from < count; ) {
      int some = Math.min(count - from, piece.remaining());
      piece.put(chunk, from, some);
      from += some;
      if (!piece.hasRemaining()) {
        write();
      }
    }
  }

  /// Writes what was added and is not written yet.
  ///
  /// @throws DbException `STORAGE_IO_FAILED`
  void write() {
    piece.flip();
    try {
      while (piece.hasRemaining()) {
        at += file.write(piece, at);
      }
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "write of a downloaded part failed: " + e, e);
    }
    piece.clear();
  }

  @Override
  public void close() {
    arena.close();
  }
}
