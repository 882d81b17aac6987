package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Walks of a graph find nearly all of what a scan finds.
class HnswRecallTest {
  private static final int COUNT = 6000;
  private static final int DIMENSION = 24;
  private static final SearchParams EXACT = new SearchParams.Exact();
  private static final SearchParams EF_64 = new SearchParams.Hnsw(64);

  @ParameterizedTest
  @EnumSource
  void walksFindNearlyAll(Metric metric) {
    DenseVectors vectors =
        TestVectors.offHeap(TestVectors.clustered(COUNT, DIMENSION, 30, 1), DIMENSION);
    VectorIndex index = build(vectors, metric);

    assertThat(recall(index, vectors, AcceptedRows.ALL)).isGreaterThan(0.97);
  }

  @ParameterizedTest
  @CsvSource({"0.001", "0.01", "0.1", "0.5", "0.9", "1"})
  void filteredSearchesFindNearlyAllAccepted(double selectivity) {
    DenseVectors vectors =
        TestVectors.offHeap(TestVectors.clustered(COUNT, DIMENSION, 30, 2), DIMENSION);
    VectorIndex index = build(vectors, Metric.L2);
    AcceptedRows accepted = TestVectors.accept(COUNT, selectivity, 3);
    int wanted = Math.min(10, accepted.cardinality(COUNT));

    for (float[] query : TestVectors.queriesNear(vectors, 50, 4)) {
      Neighbors found = index.search(query, 10, EF_64, accepted);
      assertThat(found.size()).isEqualTo(wanted);
      assertThat(found.ordinals()).doesNotHaveDuplicates().matches(all -> accepted(all, accepted));
    }
    assertThat(recall(index, vectors, accepted)).isGreaterThan(0.97);
  }

  @Test
  void nothingAcceptedIsNothingFound() {
    DenseVectors vectors = DenseVectors.of(TestVectors.clustered(2000, 8, 5, 5), 8);
    VectorIndex index = build(vectors, Metric.L2);

    Neighbors found = index.search(vectors.row(0), 10, EF_64, AcceptedRows.of(new long[32]));

    assertThat(found.size()).isZero();
  }

  /// All accepted rows are in one cluster and the query is in another: the worst case of a filter.
  @Test
  void aFilterFarFromTheQueryIsAnsweredInFull() {
    float[] values = TestVectors.clustered(COUNT, 8, 2, 6);
    DenseVectors vectors = DenseVectors.of(values, 8);
    VectorIndex index = build(vectors, Metric.L2);
    float[] query = vectors.row(0);
    Neighbors byDistance = index.search(query, COUNT, EXACT, AcceptedRows.ALL);
    long[] far = new long[(COUNT + 63) / 64];
    for (int i = COUNT * 2 / 3; i < COUNT; i++) {
      far[byDistance.ordinals()[i] >> 6] |= 1L << byDistance.ordinals()[i];
    }
    AcceptedRows accepted = AcceptedRows.of(far);

    Neighbors found = index.search(query, 10, EF_64, accepted);

    VectorIndexContract.assertSame(found, index.search(query, 10, EXACT, accepted));
  }

  @Test
  void manyEqualVectorsDoNotHideTheOthers() {
    float[] values = TestVectors.clustered(COUNT, DIMENSION, 30, 7);
    for (int row = 0; row < COUNT; row += 3) {
      System.arraycopy(values, 0, values, row * DIMENSION, DIMENSION);
    }
    DenseVectors vectors = TestVectors.offHeap(values, DIMENSION);
    VectorIndex index = build(vectors, Metric.L2);

    assertThat(recall(index, vectors, AcceptedRows.ALL)).isGreaterThan(0.97);
    assertThat(index.search(vectors.row(0), 10, EF_64, AcceptedRows.ALL).scores()).containsOnly(0);
  }

  @Test
  void moreIsFoundWhenAskedForMore() {
    DenseVectors vectors = DenseVectors.of(TestVectors.clustered(COUNT, 8, 5, 8), 8);
    VectorIndex index = build(vectors, Metric.L2);

    for (int k : new int[] {1, 64, 65, 200, 1000, COUNT, 2 * COUNT}) {
      Neighbors found = index.search(vectors.row(1), k, EF_64, AcceptedRows.ALL);
      assertThat(found.size()).isEqualTo(Math.min(k, COUNT));
      assertThat(found.ordinals()).doesNotHaveDuplicates();
    }
  }

  private static VectorIndex build(DenseVectors vectors, Metric metric) {
    IndexParams.Hnsw params = new IndexParams.Hnsw(metric, 16, 100, 9);
    return VectorIndex.of(
        IndexBuilder.build(vectors, params, BuildControl.onCallingThread()), vectors);
  }

  private static double recall(VectorIndex index, DenseVectors vectors, AcceptedRows accepted) {
    List<float[]> queries = TestVectors.queriesNear(vectors, 200, 10);
    return TestVectors.recall(
        index.searchBatch(queries, 10, EF_64, accepted),
        index.searchBatch(queries, 10, EXACT, accepted),
        index.metric());
  }

  private static boolean accepted(int[] ordinals, AcceptedRows accepted) {
    for (int ordinal : ordinals) {
      if (!accepted.accepts(ordinal)) {
        return false;
      }
    }
    return true;
  }
}
