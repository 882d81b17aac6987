package io.elanus.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A standalone server in a process of its own, started the way a person starts it.
final class ElanusServer implements AutoCloseable {
  private static final Path ROOT =
      Path.of(System.getProperty("elanus.root", "..")).toAbsolutePath();
  private static final Pattern READY =
      Pattern.compile(
          "is ready: Milvus clients on ([^:]+):(\\d+), health and metrics on http://[^:]+:(\\d+)");

  private final Process process;
  private final String host;
  private final int port;
  private final int managementPort;

  private ElanusServer(Process process, Matcher ready) {
    this.process = process;
    this.host = ready.group(1);
    this.port = Integer.parseInt(ready.group(2));
    this.managementPort = Integer.parseInt(ready.group(3));
  }

  /// Starts a server on free ports with its data in `data`, and waits until it says that it is ready.
  static ElanusServer start(Path data, String... options) {
    List<String> command =
        new ArrayList<>(List.of(ROOT.resolve("elanus").toString(), "standalone"));
    command.addAll(List.of("--port", "0", "--management-port", "0", "--data", data.toString()));
    command.addAll(List.of(options));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new ElanusServer(process, awaitReady(process));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path root() {
    return ROOT;
  }

  String uri() {
    return "http://%s:%d".formatted(host, port);
  }

  String address() {
    return "%s:%d".formatted(host, port);
  }

  int port() {
    return port;
  }

  String managementUri() {
    return "http://%s:%d".formatted(host, managementPort);
  }

  /// As `kill -9`: nothing of the server's own gets to run.
  void kill() {
    process.destroyForcibly();
    await();
  }

  @Override
  public void close() {
    process.destroy();
    await();
  }

  private void await() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  private static Matcher awaitReady(Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        return ready;
      }
    }
    throw new IOException(
        "the server ended before it was ready, exit " + process.onExit().join().exitValue());
  }
}
