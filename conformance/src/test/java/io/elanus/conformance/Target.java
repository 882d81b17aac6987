package io.elanus.conformance;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// What the suites run against: `ELANUS_TARGET` says which, `standalone` when it says nothing.
enum Target {
  /// One process.
  STANDALONE("standalone", List.of("--management-port", "0"), ""),
  /// A process per role over Kafka, MariaDB and S3.
  CLUSTER_MARIADB("cluster", List.of("start", "--detach", "--metastore", "mariadb"), "mariadbd"),
  /// The same over Kafka, etcd and S3.
  CLUSTER_ETCD("cluster", List.of("start", "--detach", "--metastore", "etcd"), "etcd");

  private final String command;
  private final List<String> options;
  private final String program;

  /// @param program that has to be installed; empty for none
  Target(String command, List<String> options, String program) {
    this.command = command;
    this.options = options;
    this.program = program;
  }

  static Target chosen() {
    String name = System.getenv().getOrDefault("ELANUS_TARGET", "standalone");
    return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  boolean isCluster() {
    return this != STANDALONE;
  }

  /// Starts on free ports with everything in `data`, and says so on its output. A standalone server stays in
  /// the foreground; a cluster stays when the command ends.
  List<String> start(Path data) {
    List<String> line = new ArrayList<>(List.of(elanus(), command));
    line.addAll(options);
    line.addAll(List.of("--port", "0", "--data", data.toString()));
    return line;
  }

  /// Ends the cluster on `data`.
  ///
  /// @param options `--kill` for a death without a word
  List<String> stop(Path data, String... options) {
    List<String> line =
        new ArrayList<>(List.of(elanus(), "cluster", "stop", "--data", data.toString()));
    line.addAll(List.of(options));
    return line;
  }

  private static String elanus() {
    return ElanusServer.root().resolve("elanus").toString();
  }

  /// Skips the calling test where the metastore's server is not installed; fails it where
  /// `ELANUS_REQUIRED_SERVERS` (`mariadb,etcd`; CI sets it) demands it.
  void require() {
    if (program.isEmpty() || isInstalled(program)) {
      return;
    }
    String text = "%s is not installed".formatted(program);
    String server = program.equals("mariadbd") ? "mariadb" : program;
    if (required().contains(server)) {
      fail(text + " (ELANUS_REQUIRED_SERVERS demands it)");
    }
    System.err.printf("%n*** SKIPPED: the suites against %s. %s%n%n", this, text);
    abort(text);
  }

  private static Set<String> required() {
    return Set.of(System.getenv().getOrDefault("ELANUS_REQUIRED_SERVERS", "").split(",", -1));
  }

  private static boolean isInstalled(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(
            Arrays.stream(path.split(File.pathSeparator)),
            Stream.of("/usr/sbin", "/usr/local/sbin"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
