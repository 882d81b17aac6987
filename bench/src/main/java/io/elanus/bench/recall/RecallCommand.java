package io.elanus.bench.recall;

import io.elanus.index.AcceptedRows;
import io.elanus.index.BuildControl;
import io.elanus.index.FloatVectors;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.index.Metric;
import io.elanus.index.Neighbors;
import io.elanus.index.Quantization;
import io.elanus.index.SearchParams;
import io.elanus.index.VectorIndex;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench/run recall <folder>`: HNSW over `base*.npy`, judged by `truth_sqdist*.npy`.
@Command(
    name = "recall",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Builds HNSW over base*.npy and searches query*.npy on one thread. A hit counts when it is no farther",
      "than the k-th distance of truth_sqdist*.npy, so ties are as good."
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

  @Option(names = "--quantization", description = "What walks look at: ${COMPLETION-CANDIDATES}.")
  private Quantization quantization = Quantization.NONE;

  @Option(names = "--segments", description = "Cut the base into as many segments.")
  private int segments = 1;

  @Option(names = "--rounds", description = "Passes over the queries; the best counts.")
  private int rounds = 3;

  @Option(names = "--seed", description = "Of the graph's levels.")
  private long seed = 1;

  @Override
  public Integer call() throws IOException {
    Npy base = Npy.read(one("base*.npy"));
    Npy queries = Npy.read(one("query*.npy"));
    Npy truth = Npy.read(one("truth_sqdist*.npy"));
    List<VectorIndex> indexes = build(base);
    for (int ef : efs) {
      measure(indexes, queries, truth, ef);
    }
    return 0;
  }

  private List<VectorIndex> build(Npy base) {
    long start = System.nanoTime();
    List<VectorIndex> indexes = new ArrayList<>();
    for (int i = 0; i < segments; i++) {
      int from = (int) ((long) base.rows() * i / segments);
      int to = (int) ((long) base.rows() * (i + 1) / segments);
      FloatVectors vectors = offHeap(base, from, to);
      var params = new IndexParams.Hnsw(Metric.L2, m, efConstruction, quantization, seed);
      indexes.add(
          VectorIndex.of(
              IndexBuilder.build(vectors, params, BuildControl.onCallingThread()), vectors));
    }
    System.out.printf(
        "%,d x %d in %d segments, %s, M %d, efConstruction %d, seed %d: built in %.1f s on one thread%n",
        base.rows(),
        base.columns(),
        segments,
        quantization,
        m,
        efConstruction,
        seed,
        (System.nanoTime() - start) / 1e9);
    return indexes;
  }

  private static FloatVectors offHeap(Npy base, int from, int to) {
    int values = (to - from) * base.columns();
    MemorySegment data = Arena.global().allocate(values * 4L, 64);
    MemorySegment.copy(
        base.values(), from * base.columns(), data, ValueLayout.JAVA_FLOAT, 0, values);
    return new FloatVectors(data, to - from, base.columns());
  }

  private void measure(List<VectorIndex> indexes, Npy queries, Npy truth, int ef) {
    int hits = 0;
    long best = Long.MAX_VALUE;
    for (int round = 0; round < rounds; round++) {
      hits = 0;
      long start = System.nanoTime();
      for (int q = 0; q < queries.rows(); q++) {
        hits += hits(search(indexes, queries.row(q), ef), truth.row(q)[K - 1]);
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    System.out.printf(
        "ef %4d  recall@%d %.4f  %,.0f queries/s%n",
        ef, K, hits / (double) (K * queries.rows()), queries.rows() / (best / 1e9));
  }

  /// The smallest squared distances over all segments.
  private static float[] search(List<VectorIndex> indexes, float[] query, int ef) {
    float[] all = new float[0];
    for (VectorIndex index : indexes) {
      Neighbors found = index.search(query, K, new SearchParams.Hnsw(ef), AcceptedRows.ALL);
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

  private Path one(String pattern) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      var matcher = folder.getFileSystem().getPathMatcher("glob:" + pattern);
      return files
          .filter(file -> matcher.matches(file.getFileName()))
          .sorted()
          .findFirst()
          .orElseThrow(() -> new IOException("no %s in %s".formatted(pattern, folder)));
    }
  }
}
