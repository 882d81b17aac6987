package io.elanus.bench.peers;

import io.elanus.bench.ProcessCpu;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// An index in a process of its own, on one thread. It says `ready <versions>` when it has read the vectors, and then
/// answers a line with a line:
///
/// | request | answer |
/// |---|---|
/// | `build` | `built` |
/// | `find <effort>` | the ordinals that it finds for all queries, [Shape#K] a query, -1 for none |
/// | `time <effort>` | what searching all queries takes: nanoseconds of the thread's CPU, nanoseconds |
///
/// It ends when its input does.
final class Contender implements AutoCloseable {
  private static final String READY = "ready ";
  private static final double NANOS = 1e9;

  private final ContenderName name;
  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private final String versions;

  private Contender(ContenderName name, Process process) throws IOException {
    this.name = name;
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    this.versions = readVersions();
  }

  /// Starts `command` on the pages of `name`, and waits until it is ready.
  ///
  /// Throws IOException when it ends instead; why is on the standard error then.
  static Contender start(ContenderName name, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    builder.environment().putAll(name.environment());
    return new Contender(name, builder.start());
  }

  private String readVersions() throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(READY)) {
        return line.substring(READY.length());
      }
    }
    throw new IOException("%s did not start".formatted(name));
  }

  ContenderName name() {
    return name;
  }

  String versions() {
    return versions;
  }

  /// Builds the index. Its CPU is that of the whole process, compilers and collectors included.
  Duration build() {
    double cpu = ProcessCpu.seconds(process.pid());
    long wall = System.nanoTime();
    ask("build");
    return new Duration(
        ProcessCpu.seconds(process.pid()) - cpu, (System.nanoTime() - wall) / NANOS);
  }

  /// The ordinals found for all queries.
  int[] find(int effort) {
    return Arrays.stream(ask("find " + effort).split(" ", -1))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  /// Of a search of all queries.
  Duration time(int effort) {
    String[] nanos = ask("time " + effort).split(" ", -1);
    return new Duration(Long.parseLong(nanos[0]) / NANOS, Long.parseLong(nanos[1]) / NANOS);
  }

  ProcessMemory memory() {
    return ProcessMemory.of(process.pid());
  }

  private String ask(String request) {
    try {
      in.write(request + "\n");
      in.flush();
      String answer = out.readLine();
      if (answer == null) {
        throw new IOException("%s ended when asked to %s".formatted(name, request));
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }

  /// Seconds of CPU, and as a clock on the wall has them.
  record Duration(double cpu, double wall) {}
}
