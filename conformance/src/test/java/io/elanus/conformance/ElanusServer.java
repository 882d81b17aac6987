package io.elanus.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server in processes of its own, started the way a person starts it: standalone, or a cluster.
final class ElanusServer implements AutoCloseable {
  private static final Path ROOT =
      Path.of(System.getProperty("elanus.root", "..")).toAbsolutePath();
  private static final Pattern READY =
      Pattern.compile(
          "is ready: Milvus clients on ([^:]+):(\\d+).*, health and metrics on http://[^:]+:(\\d+)");

  private static final String AUTHORIZATION = "ELANUS_COMMON_SECURITY_AUTHORIZATIONENABLED";

  private final Target target;
  private final boolean authorization;
  private final Path data;
  private final Process process;
  private final String host;
  private final int port;
  private final int managementPort;
  private boolean gone;

  private ElanusServer(
      Target target, boolean authorization, Path data, Process process, Matcher ready) {
    this.target = target;
    this.authorization = authorization;
    this.data = data;
    this.process = process;
    this.host = ready.group(1);
    this.port = Integer.parseInt(ready.group(2));
    this.managementPort = Integer.parseInt(ready.group(3));
  }

  /// Starts the chosen target on free ports with its data in `data`, and waits until it says that it is ready.
  static ElanusServer start(Path data) {
    return start(Target.chosen(), data);
  }

  static ElanusServer start(Target target, Path data) {
    return start(target, false, data);
  }

  /// @param authorization whether clients have to log in
  static ElanusServer start(Target target, boolean authorization, Path data) {
    target.require();
    try {
      ProcessBuilder builder =
          new ProcessBuilder(target.start(data)).redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().put(AUTHORIZATION, Boolean.toString(authorization));
      Process process = builder.start();
      return new ElanusServer(target, authorization, data, process, awaitReady(process));
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

  /// What root shows; empty when nobody has to show anything.
  String token() {
    return authorization ? "root:Milvus" : "";
  }

  int port() {
    return port;
  }

  String managementUri() {
    return "http://%s:%d".formatted(host, managementPort);
  }

  /// As `kill -9`: nothing of the server's own gets to run.
  void kill() {
    if (target.isCluster()) {
      end(target.stop(data, "--kill"));
    } else {
      process.destroyForcibly();
      await();
    }
    gone = true;
  }

  @Override
  public void close() {
    if (gone) {
      return;
    }
    if (target.isCluster()) {
      end(target.stop(data));
    } else {
      process.destroy();
      await();
    }
    gone = true;
  }

  private static void end(List<String> command) {
    try {
      Process stop = new ProcessBuilder(command).inheritIO().start();
      if (!stop.waitFor(2, TimeUnit.MINUTES) || stop.exitValue() != 0) {
        throw new IllegalStateException("%s failed".formatted(command));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        return ready;
      }
      said.append(line).append('\n');
    }
    throw new IOException(
        "the server ended before it was ready, exit %d:%n%s"
            .formatted(process.onExit().join().exitValue(), said));
  }
}
