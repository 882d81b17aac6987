package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrowingIndexTest {
  private static final int DIMENSION = 16;
  private static final int COUNT = 6000;
  private static final DenseVectors VECTORS =
      TestVectors.offHeap(TestVectors.clustered(COUNT, DIMENSION, 40, 1), DIMENSION);

  private static GrowingIndex index(int capacity, Metric metric) {
    IndexParams.Hnsw params = new IndexParams.Hnsw(metric, 12, 80, 9);
    return new GrowingIndex(capacity, DIMENSION, params, BuildMemory.DIRECT);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void findsWhatIsThereWheneverItIsAsked(Metric metric) {
    GrowingIndex index = index(COUNT + 10, metric);
    assertThat(index.search(VECTORS.row(0), 3, new SearchParams.Hnsw(64), AcceptedRows.ALL))
        .isEqualTo(Neighbors.NONE);
    int added = 0;
    for (int until : new int[] {1, 2, 50, 3000, COUNT}) {
      for (; added < until; added++) {
        index.add(VECTORS.row(added));
      }
      assertThat(index.count()).isEqualTo(until);
      FlatIndex flat = new FlatIndex(first(until), metric);
      for (double share : new double[] {1, 0.5, 0.05}) {
        AcceptedRows accepted = share == 1 ? AcceptedRows.ALL : TestVectors.accept(until, share, 4);
        List<Neighbors> found = new ArrayList<>();
        List<Neighbors> truth = new ArrayList<>();
        for (float[] query : TestVectors.queriesNear(VECTORS, 50, 3)) {
          found.add(index.search(query, 10, new SearchParams.Hnsw(100), accepted));
          truth.add(flat.search(query, 10, new SearchParams.Exact(), accepted));
          assertThat(found.getLast().size()).isEqualTo(truth.getLast().size());
        }
        if (truth.getFirst().size() == 10) {
          assertThat(TestVectors.recall(found, truth, metric))
              .as("%d rows, %s of them accepted", until, share)
              .isGreaterThan(metric == Metric.INNER_PRODUCT ? 0.9 : 0.95);
        }
      }
    }
  }

  @Test
  void rowsAreFoundWhileOthersAreAdded() throws Exception {
    GrowingIndex index = index(COUNT, Metric.L2);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Integer> searches = threads.submit(() -> searchUntilFull(index));
      Future<?> adds =
          threads.submit(() -> {
            for (int row = 0; row < COUNT; row++) {
              index.add(VECTORS.row(row));
            }
          });
      adds.get();
      assertThat(searches.get()).isPositive();
    }
  }

  /// What is found has the score of its vector, and a row that is there is found by its own vector.
  private static int searchUntilFull(GrowingIndex index) {
    int searches = 0;
    int missed = 0;
    while (index.count() < COUNT) {
      int there = index.count();
      if (there == 0) {
        continue;
      }
      int row = searches++ * 31 % there;
      float[] query = VECTORS.row(row);
      Neighbors found = index.search(query, 10, new SearchParams.Hnsw(64), AcceptedRows.ALL);
      assertThat(found.size()).isGreaterThanOrEqualTo(Math.min(10, there));
      for (int i = 0; i < found.size(); i++) {
        double score = TestVectors.score(query, VECTORS, found.ordinals()[i], Metric.L2);
        assertThat((double) found.scores()[i]).isCloseTo(score, within(1e-3 * (1 + score)));
      }
      missed += found.scores()[0] == 0 ? 0 : 1;
    }
    assertThat(missed).isLessThanOrEqualTo(searches / 100);
    return searches;
  }

  @Test
  void refusesWhatDoesNotFit() {
    GrowingIndex index = index(1, Metric.L2);
    index.add(VECTORS.row(0));

    assertThatThrownBy(() -> index.add(VECTORS.row(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("an index for 1 rows is full");
    assertThatThrownBy(() -> index(2, Metric.L2).add(new float[3]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            new GrowingIndex(
                2,
                DIMENSION,
                new IndexParams.Hnsw(Metric.L2, 12, 80, Quantization.SQ7, 9),
                BuildMemory.DIRECT))
        .hasMessageContaining("no codes");
  }

  private static DenseVectors first(int count) {
    return new DenseVectors(
        VECTORS.data().asSlice(0, VECTORS.rowBytes() * count), count, DIMENSION);
  }
}
