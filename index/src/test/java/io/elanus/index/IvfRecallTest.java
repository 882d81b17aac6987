package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Looking through some lists finds nearly all of what a scan finds, and always as many rows as are wanted.
class IvfRecallTest {
  private static final int COUNT = 8000;
  private static final int DIMENSION = 24;
  private static final SearchParams EXACT = new SearchParams.Exact();
  private static final SearchParams SOME = new SearchParams.Ivf(8);

  @ParameterizedTest
  @EnumSource
  void someListsHoldNearlyAll(Metric metric) {
    DenseVectors vectors =
        TestVectors.offHeap(TestVectors.clustered(COUNT, DIMENSION, 30, 1), DIMENSION);
    VectorIndex index = build(vectors, metric, BuildControl.onCallingThread());

    assertThat(recall(index, vectors, SOME, AcceptedRows.ALL)).isGreaterThan(0.95);
    assertThat(recall(index, vectors, new SearchParams.Ivf(64), AcceptedRows.ALL)).isEqualTo(1);
    assertThat(recall(index, vectors, new SearchParams.Ivf(1), AcceptedRows.ALL)).isLessThan(1);
  }

  @ParameterizedTest
  @CsvSource({"0.001", "0.01", "0.1", "0.5", "0.9", "1"})
  void filteredSearchesFindNearlyAllAccepted(double selectivity) {
    DenseVectors vectors =
        TestVectors.offHeap(TestVectors.clustered(COUNT, DIMENSION, 30, 2), DIMENSION);
    VectorIndex index = build(vectors, Metric.L2, BuildControl.onCallingThread());
    AcceptedRows accepted = TestVectors.accept(COUNT, selectivity, 3);
    int wanted = Math.min(10, accepted.cardinality(COUNT));

    for (float[] query : TestVectors.queriesNear(vectors, 50, 4)) {
      Neighbors found = index.search(query, 10, SOME, accepted);
      assertThat(found.size()).isEqualTo(wanted);
      assertThat(found.ordinals()).doesNotHaveDuplicates();
      for (int ordinal : found.ordinals()) {
        assertThat(accepted.accepts(ordinal)).isTrue();
      }
    }
    assertThat(recall(index, vectors, SOME, accepted)).isGreaterThan(0.95);
  }

  /// The rows farthest from the query are accepted, and are in none of the lists that are looked through first.
  @Test
  void aFilterFarFromTheQueryIsAnsweredInFull() {
    DenseVectors vectors = DenseVectors.of(TestVectors.clustered(COUNT, 8, 2, 6), 8);
    VectorIndex index = build(vectors, Metric.L2, BuildControl.onCallingThread());
    float[] query = vectors.row(0);
    Neighbors byDistance = index.search(query, COUNT, EXACT, AcceptedRows.ALL);
    long[] far = new long[(COUNT + 63) / 64];
    for (int i = COUNT / 3; i < COUNT; i++) {
      far[byDistance.ordinals()[i] >> 6] |= 1L << byDistance.ordinals()[i];
    }

    Neighbors found = index.search(query, 10, new SearchParams.Ivf(1), AcceptedRows.of(far));

    assertThat(found.size()).isEqualTo(10);
  }

  @Test
  void moreIsFoundWhenAskedForMore() {
    DenseVectors vectors = DenseVectors.of(TestVectors.clustered(COUNT, 8, 5, 8), 8);
    VectorIndex index = build(vectors, Metric.L2, BuildControl.onCallingThread());

    for (int k : new int[] {1, 64, 1000, COUNT, 2 * COUNT}) {
      Neighbors found = index.search(vectors.row(1), k, SOME, AcceptedRows.ALL);
      assertThat(found.size()).isEqualTo(Math.min(k, COUNT));
      assertThat(found.ordinals()).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "38", "40", "100"})
  void fewVectorsHaveFewLists(int count) {
    DenseVectors vectors = DenseVectors.of(TestVectors.whole(count, 3, 9, 4), 3);
    VectorIndex index = build(vectors, Metric.COSINE, BuildControl.onCallingThread());

    Neighbors found = index.search(new float[] {1, 2, 3}, 5, SOME, AcceptedRows.ALL);

    assertThat(found.size()).isEqualTo(Math.min(5, count));
  }

  /// Fewer different vectors than lists: most centres have nothing near to them.
  @Test
  void equalVectorsAreFound() {
    float[] values = new float[COUNT * 4];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 4 % 3 + i % 4;
    }
    DenseVectors vectors = DenseVectors.of(values, 4);
    VectorIndex index = build(vectors, Metric.L2, BuildControl.onCallingThread());

    Neighbors found = index.search(vectors.row(1), 10, SOME, AcceptedRows.ALL);

    assertThat(found.scores()).hasSize(10).containsOnly(0);
  }

  @Test
  void theNumberOfThreadsDoesNotMatter() throws Exception {
    DenseVectors vectors = DenseVectors.of(TestVectors.clustered(3000, 16, 9, 1), 16);
    IndexParams params = new IndexParams.Ivf(Metric.L2, 20, 3);
    byte[] alone =
        HnswBuilderTest.bytes(IndexBuilder.build(vectors, params, BuildControl.onCallingThread()));
    try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
      BuildControl four = new BuildControl(executor, 4, BuildProgress.NONE, () -> false);

      assertThat(HnswBuilderTest.bytes(IndexBuilder.build(vectors, params, four))).isEqualTo(alone);
    }
  }

  private static VectorIndex build(DenseVectors vectors, Metric metric, BuildControl control) {
    BuiltIndex built = IndexBuilder.build(vectors, new IndexParams.Ivf(metric, 64, 9), control);
    return VectorIndex.map(built.file(), vectors);
  }

  private static double recall(
      VectorIndex index, DenseVectors vectors, SearchParams params, AcceptedRows accepted) {
    List<float[]> queries = TestVectors.queriesNear(vectors, 200, 10);
    return TestVectors.recall(
        index.searchBatch(queries, 10, params, accepted),
        index.searchBatch(queries, 10, EXACT, accepted),
        index.metric());
  }
}
