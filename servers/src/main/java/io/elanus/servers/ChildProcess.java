package io.elanus.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One child process, and what a test may do to it. Its output is appended to a file. A child that is
/// still there when this JVM ends normally is killed, with all that it started.
public final class ChildProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ChildProcess.class);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final long LOOK_MILLIS = 10;
  private static final int LAST_LINES = 30;

  private final String name;
  private final Process process;
  private final Path output;
  private final Thread killer;

  private ChildProcess(String name, Process process, Path output) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.killer = new Thread(this::killAll, "kill-" + name);
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /// @param environment in addition to this process's
  /// @param output file that stdout and stderr are appended to
  /// @throws IllegalStateException when there is no such program
  public static ChildProcess start(
      String name, List<String> command, Map<String, String> environment, Path output) {
    try {
      Files.createDirectories(output.toAbsolutePath().getParent());
      ProcessBuilder builder =
          new ProcessBuilder(inOwnSession(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
      builder.environment().putAll(environment);
      return new ChildProcess(name, builder.start(), output);
    } catch (IOException e) {
      throw new IllegalStateException(
          "cannot start %s (%s): %s".formatted(name, command.getFirst(), e.getMessage()), e);
    }
  }

  /// A terminal's Ctrl-C reaches whoever started the child, who then ends it in good order; not the child.
  private static List<String> inOwnSession(List<String> command) {
    return Programs.find("setsid")
        .map(setsid -> Stream.concat(Stream.of(setsid.toString()), command.stream()).toList())
        .orElse(command);
  }

  /// Waits until `ready` says so.
  ///
  /// @throws IllegalStateException when the process ended or `limit` passed first, with its last lines
  public ChildProcess awaitReady(Duration limit, BooleanSupplier ready) {
    long start = System.nanoTime();
    while (!ready.getAsBoolean()) {
      if (!process.isAlive()) {
        throw new IllegalStateException(
            "%s ended with %d:%n%s".formatted(name, process.exitValue(), lastLines()));
      }
      if (System.nanoTime() - start > limit.toNanos()) {
        close();
        throw new IllegalStateException(
            "%s is not ready after %s:%n%s".formatted(name, limit, lastLines()));
      }
      pause();
    }
    log.info("{} is ready after {} ms", name, (System.nanoTime() - start) / 1_000_000);
    return this;
  }

  /// Waits until the process ended by itself, with 0.
  ///
  /// @throws IllegalStateException when it ended otherwise or `limit` passed first, with its last lines
  public void awaitSuccess(Duration limit) {
    boolean ended = waitFor(limit);
    if (!ended || process.exitValue() != 0) {
      kill();
      throw new IllegalStateException(
          "%s %s:%n%s"
              .formatted(
                  name,
                  ended ? "ended with " + process.exitValue() : "still runs after " + limit,
                  lastLines()));
    }
    forget();
  }

  /// Whether its output holds `text` at or after byte `from`.
  boolean hasSaid(String text, long from) {
    try (InputStream input = Files.newInputStream(output)) {
      input.skipNBytes(from);
      return new String(input.readAllBytes(), StandardCharsets.UTF_8).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public Path output() {
    return output;
  }

  /// `kill -9`, and waits until the process is gone.
  public void kill() {
    process.destroyForcibly();
    waitFor(GRACE);
    forget();
  }

  private void killAll() {
    List<ProcessHandle> family = process.descendants().toList();
    process.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
  }

  /// SIGSTOP: it stands still, its connections stay open.
  public void pause(boolean paused) {
    signal(paused ? "STOP" : "CONT");
  }

  /// SIGTERM, and kill -9 when it is still there after `grace`.
  ///
  /// @return whether it went by itself
  public boolean stop(Duration grace) {
    process.destroy();
    boolean went = waitFor(grace);
    if (!went) {
      log.warn("{} did not end within {}, killing it", name, grace);
      kill();
    }
    forget();
    return went;
  }

  @Override
  public void close() {
    stop(GRACE);
  }

  private boolean waitFor(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      return false;
    }
  }

  private void signal(String signal) {
    try {
      int exit =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IllegalStateException("cannot send SIG%s to %s".formatted(signal, name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException shuttingDown) {
      log.debug("{} ends with this process", name);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }

  private String lastLines() {
    try {
      List<String> lines = Files.readAllLines(output);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return "(its output cannot be read: %s)".formatted(e.getMessage());
    }
  }
}
