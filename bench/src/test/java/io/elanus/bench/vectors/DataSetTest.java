package io.elanus.bench.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.index.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetTest {
  @TempDir private Path folder;

  @BeforeEach
  void points() throws IOException {
    NpyFiles.floats(folder.resolve("base.npy"), new float[][] {{0}, {1}, {-2}, {2}, {5}});
    NpyFiles.floats(folder.resolve("query.npy"), new float[][] {{0}, {5}});
    NpyFiles.floats(folder.resolve("truth_sqdist.npy"), new float[][] {{0, 1, 4}, {0, 9, 16}});
  }

  @Test
  void rowsThatAreAsFarAreAsGood() throws IOException {
    DataSet data = DataSet.read(folder);

    assertThat(data.recall(new int[] {0, 1, 2, 4, 3, 1}, 3)).isEqualTo(1);
    assertThat(data.recall(new int[] {3, 1, 0, 4, 3, 1}, 3)).isEqualTo(1);
  }

  @Test
  void whatIsFarMissingOrThereTwiceIsNoHit() throws IOException {
    DataSet data = DataSet.read(folder);

    assertThat(data.recall(new int[] {0, 1, 4, 4, 3, 0}, 3)).isEqualTo(4 / 6.0);
    assertThat(data.recall(new int[] {0, 0, 0, 4, -1, -1}, 3)).isEqualTo(2 / 6.0);
  }

  @Test
  void theMetricIsL2UnlessItSaysOtherwise() throws IOException {
    assertThat(DataSet.read(folder).metric()).isEqualTo(Metric.L2);

    Files.writeString(folder.resolve("about.properties"), "metric=INNER_PRODUCT\nlid=30.1\n");
    assertThat(DataSet.read(folder).metric()).isEqualTo(Metric.INNER_PRODUCT);
  }

  @Test
  void filesOfDifferentSetsAreRefused() throws IOException {
    NpyFiles.floats(folder.resolve("query.npy"), new float[][] {{0}});

    assertThatThrownBy(() -> DataSet.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("different sets");
  }
}
