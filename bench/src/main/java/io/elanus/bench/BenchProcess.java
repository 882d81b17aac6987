package io.elanus.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `bench/run` again, in another process.
public final class BenchProcess {
  private BenchProcess() {}

  /// Where the project is.
  public static Path home() {
    return Path.of(System.getProperty("elanus.home", "."));
  }

  /// The command that runs the same classes on the same JVM, as servers run ours.
  ///
  /// @param jvm more options of the JVM
  /// @param arguments as of `bench/run`
  public static List<String> command(List<String> jvm, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + home().resolve("docker/jvm.options"));
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bench.class.getName()));
    command.addAll(arguments);
    return command;
  }
}
