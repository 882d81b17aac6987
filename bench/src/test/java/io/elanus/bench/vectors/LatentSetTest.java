package io.elanus.bench.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatentSetTest {
  private static final int ROWS = 500;
  private static final int QUERIES = 3;

  @TempDir private Path folder;

  @Test
  void madeVectorsAreADataSetWithItsTruth() throws IOException {
    Path made = folder.resolve("latent");
    new LatentSet(ROWS, 24, QUERIES).make(made);

    DataSet data = DataSet.read(made);

    assertThat(data.metric()).isEqualTo(Metric.L2);
    assertThat(data.base().rows()).isEqualTo(ROWS);
    assertThat(data.base().row(7)).isEqualTo(LatentVectors.of(24).vector(7));
    assertThat(data.truth().columns()).isEqualTo(100);
    assertThat(data.recall(nearest(data, 0), 10)).isEqualTo(1);
    assertThat(data.recall(nearest(data, 10), 10)).isZero();
    assertThat(folder.resolve("latent.part")).doesNotExist();
  }

  /// Ten rows a query, of those by distance that come after the first `skipped`.
  private static int[] nearest(DataSet data, int skipped) {
    return IntStream.range(0, QUERIES)
        .flatMap(q -> {
          float[] query = data.queries().row(q);
          return IntStream.range(0, ROWS)
              .boxed()
              .sorted(Comparator.comparingDouble(row -> data.squaredL2(query, row)))
              .mapToInt(Integer::intValue)
              .skip(skipped)
              .limit(10);
        })
        .toArray();
  }
}
