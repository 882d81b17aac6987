package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Indexes of codes find what those of vectors find, with the scores of vectors. Clusters of hundreds of vectors in nearly
/// one direction are more than four bits can tell apart.
class CodesRecallTest {
  private static final int COUNT = 8000;
  private static final int DIMENSION = 40;

  @ParameterizedTest
  @CsvSource({
    "SQ7, L2, 1, 0.95",
    "SQ7, INNER_PRODUCT, 1, 0.95",
    "SQ7, COSINE, 1, 0.95",
    "SQ7, L2, 0.3, 0.95",
    "SQ7, COSINE, 0.6, 0.95",
    "SQ4, L2, 1, 0.95",
    "SQ4, INNER_PRODUCT, 1, 0.95",
    "SQ4, COSINE, 1, 0.75",
    "SQ4, L2, 0.3, 0.95",
    "SQ4, COSINE, 0.6, 0.75",
  })
  void nearlyNothingIsLost(
      Quantization quantization, Metric metric, double selectivity, double least) {
    FloatVectors vectors =
        TestVectors.offHeap(TestVectors.clustered(COUNT, DIMENSION, 30, 1), DIMENSION);
    AcceptedRows accepted = TestVectors.accept(COUNT, selectivity, 3);
    List<float[]> queries = TestVectors.queriesNear(vectors, 200, 10);
    List<Neighbors> truth =
        new FlatIndex(vectors, metric).searchBatch(queries, 10, new SearchParams.Exact(), accepted);

    for (IndexParams params :
        List.of(
            new IndexParams.Hnsw(metric, 12, 100, quantization, 1),
            new IndexParams.Ivf(metric, 64, quantization, 1))) {
      BuiltIndex built = IndexBuilder.build(vectors, params, BuildControl.onCallingThread());
      VectorIndex index = VectorIndex.map(built.file(), vectors);
      SearchParams effort =
          params instanceof IndexParams.Ivf ? new SearchParams.Ivf(24) : new SearchParams.Hnsw(100);
      List<Neighbors> found = index.searchBatch(queries, 10, effort, accepted);
      assertThat(TestVectors.recall(found, truth, metric)).as("%s", params).isGreaterThan(least);
      for (int q = 0; q < found.size(); q++) {
        for (int i = 0; i < 10; i++) {
          int row = found.get(q).ordinals()[i];
          assertThat(accepted.accepts(row)).isTrue();
          assertThat((double) found.get(q).scores()[i])
              .isCloseTo(
                  TestVectors.score(queries.get(q), vectors, row, metric), withinPercentage(0.1));
        }
      }
    }
  }
}
