package io.elanus.bench.sparse;

import io.elanus.bench.AnsweringProcess;
import io.elanus.bench.BenchProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// An index of another library in a process of its own, on one thread. When it has read the texts, it says `ready <versions>`, and then
/// answers a line with a line:
///
/// | request | answer |
/// |---|---|
/// | `build` | `built` |
/// | `queries <prefix>` | how many there are in the files of that prefix, which are asked from now on |
/// | `settings` | how hard it can search, by semicolons |
/// | `find <setting> <k>` | the rows found by each query, by semicolons |
/// | `time <setting> <k>` | nanoseconds of the process's CPU for all queries |
final class SparsePeer implements AutoCloseable {
  static final List<String> ALL = List.of("seismic", "sindi");

  private final String name;
  private final AnsweringProcess process;
  private int queries;

  private SparsePeer(String name, AnsweringProcess process) {
    this.name = name;
    this.process = process;
  }

  /// Starts one over the texts in `folder`, and builds its index.
  ///
  /// Throws IOException when it ends instead; why is on the standard error then.
  static SparsePeer start(String python, String name, Path folder) throws IOException {
    Path script = BenchProcess.home().resolve("bench/peers/sparse.py");
    ProcessBuilder command = new ProcessBuilder(python, script.toString(), name, folder.toString());
    command.environment().put("OMP_NUM_THREADS", "1");
    command.environment().put("RAYON_NUM_THREADS", "1");
    SparsePeer peer = new SparsePeer(name, AnsweringProcess.start(name, command));
    peer.process.ask("build");
    return peer;
  }

  String name() {
    return name;
  }

  String versions() {
    return process.greeting();
  }

  /// Asks those in the files of a prefix from now on.
  void take(Path prefix) {
    queries = Integer.parseInt(process.ask("queries " + prefix));
  }

  List<String> settings() {
    return List.of(process.ask("settings").split(";", -1));
  }

  /// The rows found by each query, best first.
  List<int[]> find(int setting, int k) {
    return Arrays.stream(process.ask("find %d %d".formatted(setting, k)).split(";", -1))
        .map(rows ->
            Arrays.stream(rows.split(" ", -1))
                .filter(row -> !row.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray())
        .toList();
  }

  /// Microseconds of CPU for a query, on average.
  double micros(int setting, int k) {
    return Long.parseLong(process.ask("time %d %d".formatted(setting, k))) / 1e3 / queries;
  }

  @Override
  public void close() {
    process.close();
  }
}
