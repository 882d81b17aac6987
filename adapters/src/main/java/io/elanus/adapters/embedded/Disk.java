package io.elanus.adapters.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// How the log writes: what tests replace to let a disk fail or forget.
interface Disk {
  Disk SYSTEM =
      new Disk() {
        @Override
        public void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
          long at = position;
          while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
          }
        }

        @Override
        public void sync(FileChannel file) throws IOException {
          file.force(false);
        }
      };

  /// Writes all of `bytes` at `position`; on a failure any part of them may be written.
  void write(FileChannel file, ByteBuffer bytes, long position) throws IOException;

  /// Returns when everything written to the file before is on the disk.
  void sync(FileChannel file) throws IOException;
}
