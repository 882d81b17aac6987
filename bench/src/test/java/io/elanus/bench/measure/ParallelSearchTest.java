package io.elanus.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.DenseVectors;
import io.elanus.index.FlatIndex;
import io.elanus.index.Metric;
import io.elanus.index.SearchParams;
import org.junit.jupiter.api.Test;

class ParallelSearchTest {
  private static final FlatIndex INDEX =
      new FlatIndex(DenseVectors.of(new float[] {0, 1, 2, 3, 4, 5}, 1), Metric.L2);

  @Test
  void everyQueryIsAnsweredWhateverTheNumberOfThreads() throws InterruptedException {
    float[][] queries = {{0}, {5}, {2}};
    ParallelSearch search = new ParallelSearch(INDEX, queries, 2, new SearchParams.Exact());

    assertThat(search.run(1, 3).found()).containsExactly(0, 1, 5, 4, 2, 1);
    assertThat(search.run(8, 300).found()).containsExactly(0, 1, 5, 4, 2, 1);
  }

  @Test
  void rowsThatAreNotThereAreMinusOne() throws InterruptedException {
    ParallelSearch search =
        new ParallelSearch(INDEX, new float[][] {{0}}, 8, new SearchParams.Exact());

    assertThat(search.run(2, 1).found()).containsExactly(0, 1, 2, 3, 4, 5, -1, -1);
  }
}
