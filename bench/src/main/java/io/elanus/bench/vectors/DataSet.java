package io.elanus.bench.vectors;

import io.elanus.index.Metric;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;

/// Rows, queries, and how far the nearest rows of each query are: a folder with `base*.npy`, `query*.npy` and
/// `truth_sqdist*.npy`.
///
/// - `truth`: squared L2 of the nearest rows of each query, ascending, computed in float64. Also where rows are compared
///   by inner product: those are of length one, so that both orders are the same.
/// - `metric`: from `about.properties`, L2 where there is none.
public record DataSet(String name, Npy base, Npy queries, Npy truth, Metric metric) {
  /// Distances are in float32 in the file.
  private static final double ROUNDING = 1e-6;

  /// Throws IOException when a file is missing or the files do not fit together.
  public static DataSet read(Path folder) throws IOException {
    Npy base = Npy.read(one(folder, "base*.npy"));
    Npy queries = Npy.read(one(folder, "query*.npy"));
    Npy truth = Npy.read(one(folder, "truth_sqdist*.npy"));
    if (base.columns() != queries.columns() || queries.rows() != truth.rows()) {
      throw new IOException("%s: base, queries and truth are of different sets".formatted(folder));
    }
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    return new DataSet(name, base, queries, truth, metric(folder));
  }

  private static Metric metric(Path folder) throws IOException {
    Properties about = new Properties();
    Path file = folder.resolve("about.properties");
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        about.load(reader);
      }
    }
    return Metric.valueOf(about.getProperty("metric", Metric.L2.name()));
  }

  private static Path one(Path folder, String pattern) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      var matcher = folder.getFileSystem().getPathMatcher("glob:" + pattern);
      return files
          .filter(file -> matcher.matches(file.getFileName()))
          .sorted()
          .findFirst()
          .orElseThrow(() -> new IOException("no %s in %s".formatted(pattern, folder)));
    }
  }

  /// The queries, one array each.
  public float[][] queryRows() {
    float[][] rows = new float[queries.rows()][];
    for (int q = 0; q < rows.length; q++) {
      rows[q] = queries.row(q);
    }
    return rows;
  }

  /// The share of the nearest `k` rows of every query that is in `found`: `k` ordinals a query, negative ones for none. A
  /// row that is as far as the k-th is as good as it; one that is given twice counts once.
  public double recall(int[] found, int k) {
    if (found.length != queries.rows() * k) {
      throw new IllegalArgumentException(
          "%d ordinals are not %d for each of %d queries"
              .formatted(found.length, k, queries.rows()));
    }
    int hits = 0;
    for (int q = 0; q < queries.rows(); q++) {
      float[] query = queries.row(q);
      double farthest = truth.value(q, k - 1) * (1 + ROUNDING);
      for (int i = q * k; i < (q + 1) * k; i++) {
        if (isNew(found, q * k, i) && squaredL2(query, found[i]) <= farthest) {
          hits++;
        }
      }
    }
    return hits / (double) found.length;
  }

  private static boolean isNew(int[] found, int start, int at) {
    for (int i = start; i < at; i++) {
      if (found[i] == found[at]) {
        return false;
      }
    }
    return found[at] >= 0;
  }

  /// Of row `ordinal`.
  public double squaredL2(float[] query, int ordinal) {
    double sum = 0;
    for (int i = 0; i < query.length; i++) {
      double difference = (double) query[i] - base.value(ordinal, i);
      sum += difference * difference;
    }
    return sum;
  }
}
