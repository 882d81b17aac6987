package io.elanus.conformance;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A language's interpreter with its Milvus SDK, prepared under `target/` on first use.
///
/// The build needs only a JDK: where an interpreter is missing its suite is skipped, loudly. Where
/// `ELANUS_REQUIRED_SDKS` names it (`python,node`; CI does), a missing one fails the build.
enum Interpreter {
  PYTHON("python3", "pymilvus==3.0.2") {
    @Override
    void install(Path folder) throws IOException, InterruptedException {
      require(List.of("python3", "-m", "venv", folder.toString()), TARGET);
      require(
          List.of(
              executable(folder),
              "-m",
              "pip",
              "install",
              "--quiet",
              "--disable-pip-version-check",
              sdk),
          folder);
    }

    @Override
    String executable(Path folder) {
      return folder.resolve("bin/python").toString();
    }
  },
  NODE("node", "@zilliz/milvus2-sdk-node@3.0.6") {
    @Override
    void install(Path folder) throws IOException, InterruptedException {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve("package.json"), "{\"private\": true, \"type\": \"module\"}\n");
      require(List.of("npm", "install", "--silent", "--no-audit", "--no-fund", sdk), folder);
    }

    @Override
    String executable(Path folder) {
      return "node";
    }
  };

  private static final Path TARGET = Path.of("target").toAbsolutePath();

  final String sdk;
  private final String command;

  Interpreter(String command, String sdk) {
    this.command = command;
    this.sdk = sdk;
  }

  abstract void install(Path folder) throws IOException, InterruptedException;

  abstract String executable(Path folder);

  /// Where the SDK was installed; scripts for Node have to lie below it to find it.
  Path folder() {
    return TARGET.resolve(name().toLowerCase(Locale.ROOT));
  }

  /// Makes the interpreter ready, or skips or fails the calling test.
  synchronized void prepare() {
    Path done = folder().resolve("installed-" + sdk.replaceAll("[^A-Za-z0-9.=]", "_"));
    if (Files.exists(done)) {
      return;
    }
    try {
      require(List.of(command, "--version"), TARGET);
      install(folder());
      Files.createFile(done);
    } catch (IOException e) {
      missing(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      missing("interrupted");
    }
  }

  /// Runs the interpreter with `arguments`; its output is shown. Fails the test unless it exits with 0.
  void run(Path directory, Map<String, String> environment, String... arguments) {
    prepare();
    List<String> line = new ArrayList<>(List.of(executable(folder())));
    line.addAll(List.of(arguments));
    try {
      ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile()).inheritIO();
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(10, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        fail(line + " did not end within 10 minutes");
      }
      if (process.exitValue() != 0) {
        fail("%s ended with %d, see its output above".formatted(line, process.exitValue()));
      }
    } catch (IOException e) {
      fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(e);
    }
  }

  private void missing(@Nullable String why) {
    String text = "%s with %s cannot be had here: %s".formatted(command, sdk, why);
    if (required().contains(name().toLowerCase(Locale.ROOT))) {
      fail(text + " (ELANUS_REQUIRED_SDKS demands it)");
    }
    System.err.printf("%n*** SKIPPED: the %s suite. %s%n%n", name(), text);
    abort(text);
  }

  private static Set<String> required() {
    return Set.of(System.getenv().getOrDefault("ELANUS_REQUIRED_SDKS", "").split(",", -1));
  }

  private static void require(List<String> line, Path directory)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Process process =
        new ProcessBuilder(line)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(TARGET.resolve("install.log").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(
          "%s failed: %s".formatted(line, Files.readString(TARGET.resolve("install.log")).strip()));
    }
  }
}
