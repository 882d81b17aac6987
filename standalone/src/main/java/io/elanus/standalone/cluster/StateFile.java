package io.elanus.standalone.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What `<folder>/cluster.state` says of the processes of a cluster, so that other commands find them.
///
/// ```
/// control <port> <token>
/// process <name> <pid> <start of the process, milliseconds since 1970>
/// ```
///
/// @param port where the owner listens for commands, on the loopback address
/// @param token what commands have to show: whoever may read the file may command
/// @param processes the owner first
record StateFile(int port, String token, List<Entry> processes) {
  static final String OWNER = "cluster";
  private static final String NAME = "cluster.state";
  private static final long LOOK_MILLIS = 20;

  /// @param startMillis tells the process from a later one of the same pid
  record Entry(String name, long pid, long startMillis) {
    static Entry of(String name, long pid) {
      return new Entry(name, pid, startOf(pid).orElse(0));
    }

    Optional<ProcessHandle> alive() {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(_ -> startOf(pid).orElse(0) == startMillis);
    }

    /// `kill -9`, if it still is that process; returns when it is gone.
    void kill() throws InterruptedException {
      alive().ifPresent(ProcessHandle::destroyForcibly);
      awaitEnd();
    }

    void awaitEnd() throws InterruptedException {
      while (alive().isPresent()) {
        Thread.sleep(LOOK_MILLIS);
      }
    }

    private static OptionalLong startOf(long pid) {
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().startInstant())
          .map(start -> OptionalLong.of(start.toEpochMilli()))
          .orElse(OptionalLong.empty());
    }
  }

  StateFile {
    processes = List.copyOf(processes);
  }

  /// Empty when there is none.
  static Optional<StateFile> read(Path folder) {
    Path file = folder.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      String[] control = lines.getFirst().split(" ", -1);
      List<Entry> processes = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        String[] words = line.split(" ", -1);
        processes.add(new Entry(words[1], Long.parseLong(words[2]), Long.parseLong(words[3])));
      }
      return Optional.of(new StateFile(Integer.parseInt(control[1]), control[2], processes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw new IllegalStateException("%s is damaged: %s".formatted(file, e.getMessage()), e);
    }
  }

  void write(Path folder) {
    StringBuilder text = new StringBuilder("control %d %s%n".formatted(port, token));
    for (Entry process : processes) {
      text.append(
          "process %s %d %d%n".formatted(process.name(), process.pid(), process.startMillis()));
    }
    try {
      Path beside = folder.resolve(NAME + ".new");
      Files.deleteIfExists(beside);
      Files.createFile(
          beside,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(beside, text);
      Files.move(beside, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(NAME));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The process that owns the others, if it lives.
  Optional<Entry> owner() {
    return alive().stream().filter(process -> process.name().equals(OWNER)).findFirst();
  }

  List<Entry> alive() {
    return processes.stream().filter(process -> process.alive().isPresent()).toList();
  }
}
