package io.elanus.bench.filters;

import io.elanus.bench.Machine;
import io.elanus.bench.measure.Median;
import io.elanus.bench.measure.ThreadUsage;
import io.elanus.bench.recall.ValueRows;
import io.elanus.bench.vectors.DataSet;
import io.elanus.index.BuildControl;
import io.elanus.index.DenseVectors;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.index.Metric;
import io.elanus.index.Neighbors;
import io.elanus.index.Quantization;
import io.elanus.index.VectorIndex;
import io.elanus.index.kernel.ValueType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench/run filters <folder>`: filtered searches of a graph.
@Command(
    name = "filters",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Builds a graph over base*.npy and searches query*.npy on one thread, among shares of the rows that are random, near",
      "the query or far from it. Prints recall and milliseconds of CPU of a search, the median of the rounds, which take",
      "turns, for what the index decides and for each fixed way, and the first as a multiple of the fastest of the others",
      "whose recall is no more than 0.01 below."
    })
public final class FiltersCommand implements Callable<Integer> {
  private static final int K = 10;
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double ROUNDING = 1e-5;
  private static final double SAME_RECALL = 0.01;

  @Parameters(paramLabel = "<folder>", description = "Folder of .npy files.")
  private Path folder = Path.of("");

  @Option(names = "--shares", split = ",", description = "Of the rows accepted, by commas.")
  private List<Double> shares = List.of(0.001, 0.01, 0.1, 0.5, 0.99);

  @Option(names = "--ef", description = "Of searches.")
  private int ef = 64;

  @Option(names = "--quantization", description = "${COMPLETION-CANDIDATES}, of those of graphs.")
  private Quantization quantization = Quantization.NONE;

  @Option(names = "--queries", description = "At most.")
  private int queries = 200;

  @Option(names = "--anchors", description = "Rows that filters are made around.")
  private int anchors = 16;

  @Option(names = "--rounds", description = "Passes over the queries; the median counts.")
  private int rounds = 3;

  @Override
  public Integer call() throws IOException {
    DataSet data = DataSet.read(folder);
    System.out.printf(Locale.ROOT, "%s; load %.1f%n", Machine.text(), Machine.load());
    VectorIndex index = build(data);
    int[] places = new Random(1).ints(anchors, 0, data.base().rows()).toArray();
    List<int[]> byDistance = Arrays.stream(places).mapToObj(row -> byDistance(data, row)).toList();
    int[] shuffled = shuffled(data.base().rows());
    List<Query> all = queries(data, places);
    System.out.print(
        """
        | accepted | share | recall | found less | ms | scan | walk | filter after | to the best |
        |---|---|---|---|---|---|---|---|---|
        """);
    for (Filter.Kind kind : Filter.Kind.values()) {
      for (double share : shares) {
        System.out.print(row(index, all, Filter.of(kind, share, shuffled, byDistance)));
      }
    }
    System.out.printf(Locale.ROOT, "%nload %.1f%n", Machine.load());
    return 0;
  }

  private VectorIndex build(DataSet data) {
    DenseVectors vectors = ValueRows.offHeap(data.base(), 0, data.base().rows(), ValueType.FLOAT32);
    IndexParams params = new IndexParams.Hnsw(data.metric(), 16, 200, quantization, 1);
    System.out.printf(
        "%s, %,d x %d, %s, ef %d%n%n",
        data.name(), vectors.count(), vectors.dimension(), params, ef);
    return VectorIndex.of(
        IndexBuilder.build(vectors, params, BuildControl.onCallingThread()), vectors);
  }

  /// The base's rows, nearest to row `anchor` first.
  private static int[] byDistance(DataSet data, int anchor) {
    float[] from = data.base().row(anchor);
    double[] distances = new double[data.base().rows()];
    Arrays.setAll(distances, row -> data.squaredL2(from, row));
    return IntStream.range(0, distances.length)
        .boxed()
        .sorted(Comparator.comparingDouble(row -> distances[row]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static int[] shuffled(int count) {
    List<Integer> rows = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(rows, new Random(2));
    return rows.stream().mapToInt(Integer::intValue).toArray();
  }

  private List<Query> queries(DataSet data, int[] places) {
    return IntStream.range(0, Math.min(queries, data.queries().rows()))
        .mapToObj(q -> {
          float[] query = data.queries().row(q);
          int anchor =
              IntStream.range(0, places.length)
                  .boxed()
                  .min(Comparator.comparingDouble(a -> data.squaredL2(query, places[a])))
                  .orElseThrow();
          return new Query(query, anchor);
        })
        .toList();
  }

  /// - `anchor`: the one nearest to it.
  @SuppressWarnings("ArrayRecordComponent")
  private record Query(float[] values, int anchor) {}

  private String row(VectorIndex index, List<Query> all, Filter filter) {
    List<Outcome> outcomes = outcomes(index, all, filter);
    for (int round = 0; round < rounds; round++) {
      for (Outcome outcome : round % 2 == 0 ? outcomes : outcomes.reversed()) {
        outcome.millis.add(millis(index, all, filter, outcome.strategy));
      }
    }
    Outcome ours = outcomes.getFirst();
    List<Outcome> fixed = outcomes.subList(1, outcomes.size());
    double best =
        fixed.stream()
            .filter(other -> other.recall >= ours.recall - SAME_RECALL)
            .mapToDouble(Outcome::median)
            .min()
            .orElse(Double.NaN);
    return String.format(
        Locale.ROOT,
        "| %s | %s %% | %.4f | %d | %.3f | %s | %.2f |%n",
        filter.kind().name().toLowerCase(Locale.ROOT),
        100 * filter.share(),
        ours.recall,
        ours.less,
        ours.median(),
        fixed.stream().map(Outcome::text).collect(Collectors.joining(" | ")),
        ours.median() / best);
  }

  /// Of all strategies, in their order; without times.
  private List<Outcome> outcomes(VectorIndex index, List<Query> all, Filter filter) {
    List<Neighbors> exact = search(index, all, filter, Strategy.SCAN);
    return Arrays.stream(Strategy.values())
        .map(strategy ->
            Outcome.of(strategy, search(index, all, filter, strategy), exact, index.metric()))
        .toList();
  }

  private List<Neighbors> search(
      VectorIndex index, List<Query> all, Filter filter, Strategy strategy) {
    return all.stream()
        .map(query -> strategy.search(index, query.values, K, ef, filter.of(query.anchor)))
        .toList();
  }

  private double millis(VectorIndex index, List<Query> all, Filter filter, Strategy strategy) {
    return MILLIS_PER_SECOND
        * ThreadUsage.cpuSeconds(() -> search(index, all, filter, strategy))
        / all.size();
  }

  /// Of a strategy.
  ///
  /// - `less`: searches that found less rows than there are, up to [#K]. `millis`: of a search, one number a round.
  private record Outcome(Strategy strategy, double recall, int less, List<Double> millis) {
    static Outcome of(
        Strategy strategy, List<Neighbors> found, List<Neighbors> exact, Metric metric) {
      int hits = 0;
      int wanted = 0;
      int less = 0;
      for (int q = 0; q < found.size(); q++) {
        float[] best = exact.get(q).scores();
        double farthest = distance(best[best.length - 1], metric);
        double bound = farthest + ROUNDING * Math.abs(farthest);
        for (float score : found.get(q).scores()) {
          hits += distance(score, metric) <= bound ? 1 : 0;
        }
        wanted += best.length;
        less += found.get(q).size() < best.length ? 1 : 0;
      }
      return new Outcome(strategy, hits / (double) wanted, less, new ArrayList<>());
    }

    /// Smaller is nearer.
    private static double distance(float score, Metric metric) {
      return metric == Metric.L2 ? score : -score;
    }

    double median() {
      return Median.of(millis);
    }

    String text() {
      return String.format(Locale.ROOT, "%.3f (%.3f)", median(), recall);
    }
  }
}
