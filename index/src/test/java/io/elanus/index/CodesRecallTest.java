package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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
    "BIT, L2, 1, 0.95",
    "BIT, INNER_PRODUCT, 1, 0.95",
    "BIT, COSINE, 1, 0.9",
    "BIT, L2, 0.3, 0.95",
    "BIT, COSINE, 0.6, 0.9",
  })
  void nearlyNothingIsLost(
      Quantization quantization, Metric metric, double selectivity, double least) {
    DenseVectors vectors =
        TestVectors.offHeap(TestVectors.clustered(COUNT, DIMENSION, 30, 1), DIMENSION);
    AcceptedRows accepted = TestVectors.accept(COUNT, selectivity, 3);
    List<float[]> queries = TestVectors.queriesNear(vectors, 200, 10);
    List<Neighbors> truth =
        new FlatIndex(vectors, metric).searchBatch(queries, 10, new SearchParams.Exact(), accepted);

    for (IndexParams params : indexes(metric, quantization)) {
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

  private static List<IndexParams> indexes(Metric metric, Quantization quantization) {
    IndexParams graph = new IndexParams.Hnsw(metric, 12, 100, quantization, 1);
    IndexParams lists = new IndexParams.Ivf(metric, 64, quantization, 1);
    return quantization == Quantization.BIT
        ? List.of(graph, lists, new IndexParams.Paged(metric, 32, 100, 1))
        : List.of(graph, lists);
  }

  /// Rows of no negative values, as of histograms, and queries of both signs; queries far from all rows.
  @ParameterizedTest
  @CsvSource({"L2, 3, -20", "COSINE, 2, -1", "INNER_PRODUCT, 2, -1"})
  void queriesThatAreUnlikeRowsLoseNothingEither(Metric metric, float times, float plus) {
    Random random = new Random(3);
    float[] values = new float[COUNT * DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    DenseVectors vectors = TestVectors.offHeap(values, DIMENSION);
    List<float[]> queries = TestVectors.queriesNear(vectors, 100, 10);
    for (float[] query : queries) {
      for (int d = 0; d < DIMENSION; d++) {
        query[d] = times * query[d] + plus;
      }
    }
    List<Neighbors> truth =
        new FlatIndex(vectors, metric)
            .searchBatch(queries, 10, new SearchParams.Exact(), AcceptedRows.ALL);
    List<IndexParams> indexes =
        List.of(
            new IndexParams.Ivf(metric, 64, Quantization.SQ7, 1),
            new IndexParams.Hnsw(metric, 16, 200, Quantization.BIT, 1));

    for (IndexParams params : indexes) {
      BuiltIndex built = IndexBuilder.build(vectors, params, BuildControl.onCallingThread());
      VectorIndex index = VectorIndex.map(built.file(), vectors);
      SearchParams effort =
          params instanceof IndexParams.Ivf ? new SearchParams.Ivf(64) : new SearchParams.Hnsw(400);
      List<Neighbors> found = index.searchBatch(queries, 10, effort, AcceptedRows.ALL);
      assertThat(TestVectors.recall(found, truth, metric)).as("%s", params).isGreaterThan(0.95);
    }
  }

  /// As many results as candidates were asked for: more are kept.
  @ParameterizedTest
  @EnumSource(
      value = Quantization.class,
      names = {"SQ7", "BIT"})
  void theLastOfManyResultsAreFoundToo(Quantization quantization) {
    DenseVectors vectors =
        TestVectors.offHeap(TestVectors.clustered(COUNT, DIMENSION, 30, 1), DIMENSION);
    List<float[]> queries = TestVectors.queriesNear(vectors, 50, 10);
    List<Neighbors> truth =
        new FlatIndex(vectors, Metric.L2)
            .searchBatch(queries, 40, new SearchParams.Exact(), AcceptedRows.ALL);
    var params = new IndexParams.Hnsw(Metric.L2, 12, 100, quantization, 1);
    BuiltIndex built = IndexBuilder.build(vectors, params, BuildControl.onCallingThread());

    List<Neighbors> found =
        VectorIndex.map(built.file(), vectors)
            .searchBatch(queries, 40, new SearchParams.Hnsw(40), AcceptedRows.ALL);
    assertThat(TestVectors.recall(found, truth, Metric.L2)).isGreaterThan(0.95);
  }
}
