package io.elanus.standalone.cluster;

import io.elanus.servers.Programs;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Starts a cluster whose owner goes on when this process and its terminal are gone.
final class Detached {
  static final String OPTION = "--detach";

  private static final int OWNER_HEAP_MIB = 64;
  private static final long LOOK_MILLIS = 50;

  /// Of an owner that has given up: it ends what it has started.
  private static final Duration END_LIMIT = Duration.ofMinutes(2);

  private Detached() {}

  /// Returns when the cluster is ready, or has failed.
  ///
  /// @param arguments of this process, without its program
  /// @return whether it is ready; what the owner said is printed
  static boolean start(Path folder, List<String> arguments, PrintStream out)
      throws InterruptedException {
    List<String> inForeground = arguments.stream().filter(a -> !a.equals(OPTION)).toList();
    List<String> command = new ArrayList<>();
    Programs.find("setsid").ifPresent(setsid -> command.add(setsid.toString()));
    command.addAll(JvmCommand.ofThisProcess().elanus(OWNER_HEAP_MIB, inForeground));
    Path output = folder.resolve("cluster.log");
    Process owner = launch(command, folder, output);
    Optional<Owner> there = Optional.empty();
    while (owner.isAlive() && there.isEmpty()) {
      Thread.sleep(LOOK_MILLIS);
      there = StateFile.read(folder).filter(s -> s.owner().isPresent()).map(Owner::new);
    }
    if (there.isEmpty()) {
      out.println(read(output).strip());
      return false;
    }
    try {
      out.println(there.get().command("await", Map.of()));
      return owner.isAlive();
    } catch (IllegalStateException e) {
      if (!owner.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw e;
      }
      out.println(read(output).strip()); // it knows why
      return false;
    }
  }

  private static Process launch(List<String> command, Path folder, Path output) {
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(output);
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
