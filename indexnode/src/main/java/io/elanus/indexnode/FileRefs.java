package io.elanus.indexnode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.object.ObjectKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// Describes a finished file by its size and checksum.
final class FileRefs {
  private static final int BUFFER_BYTES = 1 << 20;

  private FileRefs() {}

  static FileRef of(ObjectKey key, Path file) {
    CRC32C crc = new CRC32C();
    long size = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
      while (channel.read(buffer) >= 0) {
        size += buffer.flip().remaining();
        crc.update(buffer);
        buffer.clear();
      }
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "cannot read %s: %s".formatted(file, e), e);
    }
    return new FileRef(key, size, (int) crc.getValue());
  }
}
