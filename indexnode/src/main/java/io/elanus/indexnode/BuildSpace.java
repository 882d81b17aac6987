package io.elanus.indexnode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.ScratchFolder;
import io.elanus.index.BuildMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The memory of one build: direct memory as long as there is of it, then files, which the kernel keeps in memory as far as there
/// is room. So a small node builds any index, if slowly. Freed when closed.
final class BuildSpace implements BuildMemory, AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final ScratchFolder scratch;
  private final String name;
  private long direct;
  private int files;

  /// @param name of the files
  /// @param direct bytes of direct memory that may be taken
  BuildSpace(ScratchFolder scratch, String name, long direct) {
    this.scratch = scratch;
    this.name = name;
    this.direct = direct;
  }

  @Override
  public synchronized MemorySegment allocate(long bytes, long alignment) {
    if (bytes <= direct) {
      direct -= bytes;
      return arena.allocate(bytes, alignment);
    }
    return map(scratch.file("%s-%d".formatted(name, files++)), bytes);
  }

  /// The file has no name any more when it is mapped: whatever ends this process frees it.
  private MemorySegment map(Path file, long bytes) {
    try {
      long usable = Files.getFileStore(file.getParent()).getUsableSpace();
      if (usable < bytes) {
        throw new DbException(
            ErrorCode.STORAGE_IO_FAILED,
            "a build needs %,d bytes in %s, where %,d are free"
                .formatted(bytes, file.getParent(), usable));
      }
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE)) {
        return channel.map(MapMode.READ_WRITE, 0, bytes, arena);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot map %s".formatted(file), e);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
