package io.elanus.servers;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds programs that the operating system brings, and the JVM this process runs on.
public final class Programs {
  private Programs() {}

  /// The program of that name on the PATH or in the system's folders for daemons.
  public static Optional<Path> find(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(
            Arrays.stream(path.split(File.pathSeparator)),
            Stream.of("/usr/sbin", "/usr/local/sbin"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// @param debianPackage which brings it
  /// @throws IllegalStateException when it is not installed, saying how to get it
  public static Path require(String name, String debianPackage) {
    return find(name)
        .orElseThrow(() ->
            new IllegalStateException(
                "%s is not installed: apt-get install %s".formatted(name, debianPackage)));
  }

  public static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }
}
