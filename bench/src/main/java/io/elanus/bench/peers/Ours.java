package io.elanus.bench.peers;

import io.elanus.bench.vectors.DataSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Some of our indexes, each in a process of its own, without peers.
final class Ours {
  @Option(
      names = "--ours",
      split = ",",
      description =
          "hnsw, hnsw-sq7, hnsw-sq4, hnsw-bit, ivf, ivf-sq7, ivf-sq4, ivf-bit, by commas; @huge and @mapped as for peers.")
  private List<String> names = List.of("hnsw", "hnsw-sq7", "hnsw-bit", "ivf");

  @Mixin Shape shape = new Shape();

  /// What was measured over what.
  String text(DataSet data) {
    return String.format(
        Locale.ROOT,
        "%s: %,d x %d, %s, the %d nearest; M %d, efConstruction %d",
        data.name(),
        data.base().rows(),
        data.base().columns(),
        data.metric(),
        Shape.K,
        shape.m,
        shape.efConstruction);
  }

  /// Builds them over the vectors in `folder`, one after the other, for `measurement`, and ends them.
  void withBuilt(Path folder, Consumer<List<Contender>> measurement) throws IOException {
    List<Contender> contenders = new ArrayList<>();
    try {
      for (String name : names) {
        Contender contender = Contender.startOurs(ContenderName.parse(name), folder, shape);
        contenders.add(contender);
        System.err.printf(
            "%s: built in %.1f s of CPU%n", contender.name(), contender.build().cpu());
      }
      measurement.accept(contenders);
    } finally {
      contenders.forEach(Contender::close);
    }
  }
}
