package io.elanus.adapters.embedded;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One process at a time uses a data directory. The lock goes with the process, however it ends;
/// the file says who holds it.
public final class DirectoryLock implements AutoCloseable {
  private final FileChannel file;

  private DirectoryLock(FileChannel file) {
    this.file = file;
  }

  /// Locks `directory`, which is made when it is missing.
  ///
  /// @throws DbException `SERVICE_UNAVAILABLE` naming the holder; `STORAGE_IO_FAILED`
  public static DirectoryLock take(Run run, Path directory) {
    Path path = directory.resolve("LOCK");
    try {
      Folders.create(directory);
      FileChannel file =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(file) == null) {
        file.close();
        throw taken(directory, path);
      }
      writeHolder(run, file);
      return new DirectoryLock(file);
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED,
          "data directory %s cannot be locked: %s".formatted(directory, e),
          e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // by this process
    }
  }

  private static void writeHolder(Run run, FileChannel file) throws IOException {
    String holder =
        "process %d since %s"
            .formatted(ProcessHandle.current().pid(), Instant.ofEpochMilli(run.wallMillis()));
    file.truncate(0);
    file.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
  }

  private static DbException taken(Path directory, Path path) throws IOException {
    return ErrorCode.SERVICE_UNAVAILABLE.because(
        "data directory %s is in use by %s: stop it, or choose another directory",
        directory, Files.readString(path));
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "the data directory cannot be unlocked", e);
    }
  }
}
