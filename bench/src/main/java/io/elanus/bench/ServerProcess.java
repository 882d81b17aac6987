package io.elanus.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A standalone server in a process of its own, started by `./elanus`.
public final class ServerProcess implements Server {
  private static final Pattern READY = Pattern.compile("Milvus clients on [^:]+:(\\d+),");

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Starts a server on free ports and waits until it says that it is ready. Its log goes to
  /// `<data>.log`.
  public static ServerProcess start(Path data, String... options) {
    return start(List.of(), "", data, options);
  }

  /// As above, started by another command.
  ///
  /// @param by a command and its arguments, which runs the rest of them
  /// @param jvm more options of the JVM
  public static ServerProcess start(List<String> by, String jvm, Path data, String... options) {
    List<String> command = new ArrayList<>(by);
    command.addAll(
        List.of(BenchProcess.home().resolve("elanus").toString(), "standalone", "--port", "0"));
    command.addAll(List.of("--management-port", "0", "--data", data.toString()));
    command.addAll(List.of(options));
    Path log = data.resolveSibling(data.getFileName() + ".log");
    try {
      Files.createDirectories(data.toAbsolutePath().getParent());
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().put("ELANUS_JAVA_OPTS", jvm);
      Process process = builder.start();
      return new ServerProcess(process, awaitReady(process, log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public Map<String, Long> pids() {
    return Map.of("standalone", pid());
  }

  /// Processor time of the server so far.
  public double cpuSeconds() {
    return ProcessCpu.seconds(pid());
  }

  /// As `kill -9`.
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }

  private static int awaitReady(Process process, Path log) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        return Integer.parseInt(ready.group(1));
      }
    }
    throw new IOException("the server ended before it was ready, see " + log);
  }
}
