package io.elanus.bench.peers;

import java.util.List;
import picocli.CommandLine.Option;

/// What all contenders build alike.
final class Shape {
  /// Of the results of a search.
  static final int K = 10;

  @Option(names = "--m", description = "HNSW M.")
  int m = 16;

  @Option(names = "--ef-construction", description = "HNSW efConstruction.")
  int efConstruction = 200;

  @Option(names = "--lists", description = "Lists of an IVF index.")
  int lists = 1024;

  /// The same, said to another process.
  List<String> options() {
    return List.of("--m", "" + m, "--ef-construction", "" + efConstruction, "--lists", "" + lists);
  }
}
