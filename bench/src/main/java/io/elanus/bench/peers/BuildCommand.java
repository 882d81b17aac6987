package io.elanus.bench.peers;

import io.elanus.bench.Report;
import io.elanus.bench.measure.Median;
import io.elanus.bench.measure.ParallelSearch;
import io.elanus.bench.vectors.DataSet;
import io.elanus.index.BuildControl;
import io.elanus.index.BuildProgress;
import io.elanus.index.BuiltIndex;
import io.elanus.index.DenseVectors;
import io.elanus.index.IndexBuilder;
import io.elanus.index.VectorIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench/run build <folder>`: what more threads bring to a build.
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Builds indexes over base*.npy by so many threads and by others, in turns, after one build of each that does not",
      "count. Prints the seconds of the median round, how many times faster more threads are, and what share of the",
      "nearest rows of query*.npy the last index of each finds. Writes table.md."
    })
public final class BuildCommand implements Callable<Integer> {
  @Parameters(paramLabel = "<folder>", description = "Folder of .npy files.")
  private Path folder = Path.of("");

  @Option(names = "--ours", split = ",", description = "Names as of peers, by commas.")
  private List<String> names = List.of("hnsw", "hnsw-sq7", "hnsw-bit");

  @Option(names = "--threads", split = ",", description = "Numbers of threads, by commas.")
  private List<Integer> threads = List.of(1, 2);

  @Option(names = "--rounds", description = "That count; the median does.")
  private int rounds = 3;

  @Option(names = "--ef", description = "Of the searches; or lists looked through.")
  private int effort = 64;

  @Option(names = "--out", description = "Folder of what is written; made.")
  private Path out = Path.of("target", "build");

  @Mixin private Shape shape = new Shape();

  @Override
  public Integer call() throws IOException, InterruptedException {
    DataSet data = DataSet.read(folder);
    DenseVectors vectors = BaseVectors.of(data.base(), Pages.PLAIN);
    Report report =
        new Report(
            "Builds of %s: %,d x %d, %s; M %d, efConstruction %d; the median of %d rounds."
                .formatted(
                    data.name(),
                    data.base().rows(),
                    data.base().columns(),
                    data.metric(),
                    shape.m,
                    shape.efConstruction,
                    rounds),
            "",
            "threads",
            "seconds",
            "times faster",
            "recall");
    for (String name : names) {
      measure(name, data, vectors, report);
    }
    report.write(out);
    return 0;
  }

  private void measure(String name, DataSet data, DenseVectors vectors, Report report)
      throws InterruptedException {
    Map<Integer, List<Double>> seconds = new LinkedHashMap<>();
    Map<Integer, Double> recall = new LinkedHashMap<>();
    OurIndex kind = OurIndex.parse(name);
    for (int round = 0; round <= rounds; round++) {
      for (int count : threads) {
        long start = System.nanoTime();
        BuiltIndex built = build(kind, data, vectors, count);
        double taken = (System.nanoTime() - start) / 1e9;
        if (round > 0) {
          seconds.computeIfAbsent(count, _ -> new ArrayList<>()).add(taken);
        }
        if (round == rounds) {
          recall.put(count, recall(kind, data, VectorIndex.of(built, vectors)));
        }
      }
    }
    double first = Median.of(seconds.getOrDefault(threads.getFirst(), List.of()));
    seconds.forEach((count, each) ->
        report.add(
            "%s | %d | %.1f | %.2f | %.3f",
            name,
            count,
            Median.of(each),
            first / Median.of(each),
            recall.getOrDefault(count, 0.0)));
  }

  private BuiltIndex build(OurIndex kind, DataSet data, DenseVectors vectors, int count) {
    try (ExecutorService executor = Executors.newFixedThreadPool(count)) {
      BuildControl control = new BuildControl(executor, count, BuildProgress.NONE, () -> false);
      return IndexBuilder.build(vectors, kind.params(data.metric(), shape), control);
    }
  }

  private double recall(OurIndex kind, DataSet data, VectorIndex index)
      throws InterruptedException {
    ParallelSearch search =
        new ParallelSearch(index, data.queryRows(), Shape.K, kind.search(effort));
    return data.recall(search.run(1, search.queries().length).found(), Shape.K);
  }
}
