package io.elanus.chaos.fault;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// Which process of this machine is at the other end of a connection, as Linux tells in `/proc`.
final class Callers {
  private static final Path PROC = Path.of("/proc");
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  private Callers() {}

  /// @param accepted a connection over the loopback
  /// @return its pid; empty when it is gone, or where there is no `/proc`
  static OptionalLong pid(Socket accepted) {
    try {
      Optional<String> inode = inode(accepted.getPort(), accepted.getLocalPort());
      return inode.isPresent() ? owner("socket:[%s]".formatted(inode.get())) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /// Of the caller's end: its local port is our remote one.
  private static Optional<String> inode(int callerPort, int ourPort) throws IOException {
    for (String table : List.of("net/tcp", "net/tcp6")) {
      Path file = PROC.resolve(table);
      if (!Files.exists(file)) {
        continue;
      }
      for (String line : Files.readAllLines(file)) {
        String[] words = line.strip().split("\\s+");
        if (words.length > INODE
            && isPort(words[LOCAL], callerPort)
            && isPort(words[REMOTE], ourPort)) {
          return Optional.of(words[INODE]);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isPort(String address, int port) {
    return address.endsWith(":%04X".formatted(port).toUpperCase(Locale.ROOT));
  }

  private static OptionalLong owner(String socket) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, socket)) {
          return OptionalLong.of(Long.parseLong(process.getFileName().toString()));
        }
      }
    }
    return OptionalLong.empty();
  }

  private static boolean holds(Path process, String socket) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : open) {
        if (target(descriptor).equals(socket)) {
          return true;
        }
      }
    } catch (IOException e) {
      // it ended meanwhile, or is somebody else's
    }
    return false;
  }

  private static String target(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}
