package io.elanus.bench.vectors;

import io.elanus.index.AcceptedRows;
import io.elanus.index.DenseVectors;
import io.elanus.index.FlatIndex;
import io.elanus.index.Metric;
import io.elanus.index.Neighbors;
import io.elanus.index.SearchParams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A folder of made vectors, near a surface of few dimensions, as [DataSet] reads them; by L2.
public record LatentSet(int rows, int dimension, int queries) {
  /// As those of `bench/peers/vectors.py`.
  private static final int NEIGHBOURS = 100;

  private static final long FIRST_QUERY = 1_000_000_000L;
  private static final int BATCH = 100;

  /// Makes it, which takes a second for some ten thousand rows. `folder` is there in the end, or not at all.
  public void make(Path folder) throws IOException {
    LatentVectors vectors = LatentVectors.of(dimension);
    Path part = folder.resolveSibling(folder.getFileName() + ".part");
    Files.createDirectories(part);
    Npy.write(part.resolve("base.npy"), rows, dimension, vectors::vector);
    Npy.write(part.resolve("query.npy"), queries, dimension, q -> vectors.vector(FIRST_QUERY + q));
    double[][] truth = truth(part);
    Npy.write(part.resolve("truth_sqdist.npy"), queries, truth[0].length, q -> floats(truth[q]));
    Files.writeString(part.resolve("about.properties"), "metric=L2\n");
    Files.move(part, folder);
  }

  /// Of each query, the distances of the nearest rows: found by the kernels, measured in float64.
  private double[][] truth(Path part) throws IOException {
    Npy base = Npy.read(part.resolve("base.npy"));
    Npy asked = Npy.read(part.resolve("query.npy"));
    DataSet data = new DataSet("", base, asked, asked, Metric.L2);
    FlatIndex scan = new FlatIndex(new DenseVectors(base.values(), rows, dimension), Metric.L2);
    int count = Math.min(NEIGHBOURS, rows);
    List<double[]> truth = new ArrayList<>();
    for (int from = 0; from < queries; from += BATCH) {
      List<float[]> some =
          IntStream.range(from, Math.min(queries, from + BATCH)).mapToObj(asked::row).toList();
      List<Neighbors> found =
          scan.searchBatch(some, count, new SearchParams.Exact(), AcceptedRows.ALL);
      for (int q = 0; q < some.size(); q++) {
        float[] query = some.get(q);
        truth.add(
            Arrays.stream(found.get(q).ordinals())
                .mapToDouble(row -> data.squaredL2(query, row))
                .sorted()
                .toArray());
      }
    }
    return truth.toArray(double[][]::new);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
