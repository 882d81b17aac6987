package io.elanus.segment.file;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.FileRef;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// Maps files that a [FileRef] describes, and proves them whole.
final class MappedFiles {
  /// The JVM sums what it is given in one go, and stops for nothing meanwhile, not for a collection either: a slice
  /// that comes from a disk may take long.
  private static final long SLICE_BYTES = 1 << 20;

  private MappedFiles() {}

  /// @throws DbException `CORRUPT` when the size is another, `STORAGE_IO_FAILED`
  static MemorySegment map(Path path, FileRef ref, Arena arena) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() != ref.sizeBytes()) {
        throw ErrorCode.CORRUPT.because(
            "%s has %d bytes, expected %d", ref.key(), channel.size(), ref.sizeBytes());
      }
      return channel.map(MapMode.READ_ONLY, 0, ref.sizeBytes(), arena);
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "cannot map %s as %s: %s".formatted(ref.key(), path, e), e);
    }
  }

  /// @throws DbException `CORRUPT` when the checksum is another
  static void verify(MemorySegment bytes, FileRef ref) {
    int sum = checksum(bytes);
    if (sum != ref.crc32c()) {
      throw ErrorCode.CORRUPT.because(
          "%s has checksum %08x, expected %08x", ref.key(), sum, ref.crc32c());
    }
  }

  /// CRC32C.
  static int checksum(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < bytes.byteSize(); at += SLICE_BYTES) {
      long size = Math.min(SLICE_BYTES, bytes.byteSize() - at);
      crc.update(bytes.asSlice(at, size).asByteBuffer());
    }
    return (int) crc.getValue();
  }
}
