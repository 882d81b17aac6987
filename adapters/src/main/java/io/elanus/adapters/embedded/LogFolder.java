package io.elanus.adapters.embedded;

import io.elanus.common.wal.LogId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Where the files of one log lie and what they are called.
record LogFolder(Path folder, LogId log, Disk disk) {
  private static final String SUFFIX = ".wal";
  private static final String UNFINISHED = ".new";

  static LogFolder of(Path logs, LogId log, Disk disk) {
    return new LogFolder(logs.resolve(log.toString()), log, disk);
  }

  Path path(long firstOffset) {
    return folder.resolve("%020d%s".formatted(firstOffset, SUFFIX));
  }

  /// Makes the file that begins with record `firstOffset`, durable with its header.
  Path create(long incarnation, long firstOffset) throws IOException {
    Path path = path(firstOffset);
    Path unfinished = path.resolveSibling(path.getFileName() + UNFINISHED);
    byte[] header = new LogFileHeader(log, incarnation, firstOffset).encode();
    try (FileChannel file =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      disk.write(file, ByteBuffer.wrap(header), 0);
      disk.sync(file);
    }
    Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    Folders.sync(folder);
    return path;
  }

  /// The files of the log, oldest first; what a crash left unfinished is removed.
  List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : Folders.list(folder)) {
      String name = path.getFileName().toString();
      if (name.endsWith(UNFINISHED)) {
        Files.delete(path);
      } else if (name.endsWith(SUFFIX)) {
        files.add(path);
      }
    }
    return files;
  }
}
