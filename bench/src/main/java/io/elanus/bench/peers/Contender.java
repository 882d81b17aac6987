package io.elanus.bench.peers;

import io.elanus.bench.AnsweringProcess;
import io.elanus.bench.BenchProcess;
import io.elanus.bench.ProcessCpu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An index in a process of its own, on one thread unless told otherwise. When it has read the vectors, it says `ready <versions>`, and then
/// answers a line with a line:
///
/// | request | answer |
/// |---|---|
/// | `build` | `built` |
/// | `find <effort>` | the ordinals that it finds for all queries, [Shape#K] a query, -1 for none |
/// | `time <effort>` | what searching all queries takes: nanoseconds of the thread's CPU, nanoseconds |
/// | `together <effort> <threads> <searches>` | ours only: nanoseconds of so many searches by so many threads; of one, the median and the 99th percentile |
/// | `allocate <effort>` | ours only: bytes of the heap that searching all queries takes |
///
/// It ends when its input does.
final class Contender implements AutoCloseable {
  private static final double NANOS = 1e9;

  private final ContenderName name;
  private final AnsweringProcess process;

  private Contender(ContenderName name, AnsweringProcess process) {
    this.name = name;
    this.process = process;
  }

  /// Starts one of ours over the vectors in `folder`.
  ///
  /// Throws IllegalArgumentException where there is none of that name, IOException when it ends instead.
  static Contender startOurs(ContenderName name, Path folder, Shape shape) throws IOException {
    OurIndex.parse(name.index());
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("contender", name.index(), folder.toString()));
    arguments.addAll(List.of("--pages", name.pages().name()));
    arguments.addAll(shape.options());
    return start(name, BenchProcess.command(List.of(), arguments));
  }

  /// Starts `command` on the pages of `name`, and waits until it is ready.
  ///
  /// Throws IOException when it ends instead; why is on the standard error then.
  static Contender start(ContenderName name, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    builder.environment().putAll(name.environment());
    return new Contender(name, AnsweringProcess.start(name.toString(), builder));
  }

  ContenderName name() {
    return name;
  }

  String versions() {
    return process.greeting();
  }

  /// Builds the index. Its CPU is that of the whole process, compilers and collectors included.
  Duration build() {
    double cpu = ProcessCpu.seconds(process.pid());
    long wall = System.nanoTime();
    process.ask("build");
    return new Duration(
        ProcessCpu.seconds(process.pid()) - cpu, (System.nanoTime() - wall) / NANOS);
  }

  /// The ordinals found for all queries.
  int[] find(int effort) {
    return Arrays.stream(process.ask("find " + effort).split(" ", -1))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  /// Of a search of all queries.
  Duration time(int effort) {
    long[] nanos = askNumbers("time " + effort);
    return new Duration(nanos[0] / NANOS, nanos[1] / NANOS);
  }

  /// Searches by several threads at once.
  Together together(int effort, int threads, int searches) {
    long[] nanos = askNumbers("together %d %d %d".formatted(effort, threads, searches));
    return new Together(searches / (nanos[0] / NANOS), nanos[1] / 1e3, nanos[2] / 1e3);
  }

  /// Bytes of the heap that searching all queries takes.
  long allocatedBytes(int effort) {
    return askNumbers("allocate " + effort)[0];
  }

  private long[] askNumbers(String request) {
    return Arrays.stream(process.ask(request).split(" ", -1)).mapToLong(Long::parseLong).toArray();
  }

  ProcessMemory memory() {
    return ProcessMemory.of(process.pid());
  }

  @Override
  public void close() {
    process.close();
  }

  /// Seconds of CPU, and as a clock on the wall has them.
  record Duration(double cpu, double wall) {}

  /// Searches a second of all threads; microseconds of one search.
  record Together(double rate, double medianMicros, double p99Micros) {}
}
