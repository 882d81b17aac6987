package io.elanus.bench.recall;

import io.elanus.bench.vectors.DataSet;
import io.elanus.bench.vectors.Npy;
import io.elanus.index.AcceptedRows;
import io.elanus.index.BuildControl;
import io.elanus.index.DenseVectors;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.index.Metric;
import io.elanus.index.Neighbors;
import io.elanus.index.Quantization;
import io.elanus.index.SearchParams;
import io.elanus.index.VectorIndex;
import io.elanus.index.kernel.ValueType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench/run recall <folder>`: an index over `base*.npy`, judged by `truth_sqdist*.npy`.
@Command(
    name = "recall",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Builds a graph, or lists, over base*.npy and searches query*.npy on one thread. A hit counts when it is no",
      "farther than the k-th distance of truth_sqdist*.npy, so ties are as good. The metric is L2."
    })
public final class RecallCommand implements Callable<Integer> {
  private static final int K = 10;

  @Parameters(paramLabel = "<folder>", description = "Folder of .npy files.")
  private Path folder = Path.of("");

  @Option(names = "--m", description = "HNSW M.")
  private int m = 16;

  @Option(names = "--ef-construction", description = "HNSW efConstruction.")
  private int efConstruction = 200;

  @Option(names = "--ef", split = ",", description = "Values of ef, by commas.")
  private List<Integer> efs = List.of(16, 32, 64, 128);

  @Option(names = "--lists", description = "So many lists (IVF) instead of a graph.")
  private int lists;

  @Option(names = "--probes", split = ",", description = "Lists looked through, by commas.")
  private List<Integer> probes = List.of(4, 8, 16, 32);

  @Option(
      names = "--values",
      description = {
        "What a value of a vector is: ${COMPLETION-CANDIDATES}. INT8 takes bytes from 0 to 255, less 128."
      })
  private ValueType values = ValueType.FLOAT32;

  @Option(
      names = "--quantization",
      description = "What searches look at: ${COMPLETION-CANDIDATES}.")
  private Quantization quantization = Quantization.NONE;

  @Option(names = "--segments", description = "Cut the base into as many segments.")
  private int segments = 1;

  @Option(names = "--rounds", description = "Passes over the queries; the best counts.")
  private int rounds = 3;

  @Option(names = "--seed", description = "Of the graph's levels.")
  private long seed = 1;

  @Override
  public Integer call() throws IOException {
    DataSet data = DataSet.read(folder);
    float[][] queries = ValueRows.queries(data.queryRows(), values);
    List<VectorIndex> indexes = build(data.base());
    for (int effort : lists > 0 ? probes : efs) {
      measure(indexes, queries, data.truth(), effort);
    }
    return 0;
  }

  private List<VectorIndex> build(Npy base) {
    long start = System.nanoTime();
    List<VectorIndex> indexes = new ArrayList<>();
    for (int i = 0; i < segments; i++) {
      int from = (int) ((long) base.rows() * i / segments);
      int to = (int) ((long) base.rows() * (i + 1) / segments);
      DenseVectors vectors = ValueRows.offHeap(base, from, to, values);
      indexes.add(
          VectorIndex.of(
              IndexBuilder.build(vectors, params(), BuildControl.onCallingThread()), vectors));
    }
    System.out.printf(
        "%,d x %d of %s in %d segments, %s: built in %.1f s on one thread%n",
        base.rows(), base.columns(), values, segments, params(), (System.nanoTime() - start) / 1e9);
    return indexes;
  }

  private IndexParams params() {
    return lists > 0
        ? new IndexParams.Ivf(Metric.L2, lists, quantization, seed)
        : new IndexParams.Hnsw(Metric.L2, m, efConstruction, quantization, seed);
  }

  private void measure(List<VectorIndex> indexes, float[][] queries, Npy truth, int effort) {
    SearchParams params = lists > 0 ? new SearchParams.Ivf(effort) : new SearchParams.Hnsw(effort);
    int hits = 0;
    long best = Long.MAX_VALUE;
    for (int round = 0; round < rounds; round++) {
      hits = 0;
      long start = System.nanoTime();
      for (int q = 0; q < queries.length; q++) {
        hits += hits(search(indexes, queries[q], params), truth.value(q, K - 1));
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    System.out.printf(
        "%s %4d  recall@%d %.4f  %,.0f queries/s%n",
        lists > 0 ? "probes" : "ef",
        effort,
        K,
        hits / (double) (K * queries.length),
        queries.length / (best / 1e9));
  }

  /// The smallest squared distances over all segments.
  private static float[] search(List<VectorIndex> indexes, float[] query, SearchParams params) {
    float[] all = new float[0];
    for (VectorIndex index : indexes) {
      Neighbors found = index.search(query, K, params, AcceptedRows.ALL);
      int size = all.length;
      all = Arrays.copyOf(all, size + found.size());
      System.arraycopy(found.scores(), 0, all, size, found.size());
    }
    Arrays.sort(all);
    return Arrays.copyOf(all, Math.min(K, all.length));
  }

  private static int hits(float[] distances, float farthest) {
    int hits = 0;
    for (float distance : distances) {
      if (distance <= farthest) {
        hits++;
      }
    }
    return hits;
  }
}
