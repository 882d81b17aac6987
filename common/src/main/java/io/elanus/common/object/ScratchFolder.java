package io.elanus.common.object;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Where files lie on their way to or from the bucket. Belongs to one user; what a former life left is of no
/// use to anybody.
public final class ScratchFolder {
  private final Path folder;

  private ScratchFolder(Path folder) {
    this.folder = folder;
  }

  /// Makes the folder, or empties it.
  ///
  /// @throws DbException `STORAGE_IO_FAILED`
  public static ScratchFolder emptied(Path folder) {
    try {
      Files.createDirectories(folder);
      try (Stream<Path> leftovers = Files.list(folder)) {
        for (Path leftover : leftovers.toList()) {
          Files.delete(leftover);
        }
      }
      return new ScratchFolder(folder);
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "cannot empty %s: %s".formatted(folder, e), e);
    }
  }

  /// The place of a file, which the caller makes and removes.
  public Path file(String name) {
    return folder.resolve(name);
  }

  /// Removes a file; a missing one is success.
  public void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "cannot remove %s: %s".formatted(file, e), e);
    }
  }
}
