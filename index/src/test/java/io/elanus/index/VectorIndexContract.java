package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every index promises, asked with exact search.
abstract class VectorIndexContract {
  private static final SearchParams EXACT = new SearchParams.Exact();
  private static final int DIMENSION = 19;

  abstract VectorIndex open(DenseVectors vectors, Metric metric);

  @ParameterizedTest
  @EnumSource
  void exactSearchFindsTheTrueNeighbours(Metric metric) {
    DenseVectors vectors = DenseVectors.of(TestVectors.whole(700, DIMENSION, 9, 1), DIMENSION);
    VectorIndex index = open(vectors, metric);

    for (float[] query : TestVectors.queriesNear(vectors, 20, 2)) {
      Neighbors found = index.search(query, 12, EXACT, AcceptedRows.ALL);
      assertThat(found.size()).isEqualTo(12);
      double[] truth = bestScores(query, vectors, metric, 12);
      for (int i = 0; i < 12; i++) {
        double tolerance = 1e-5 * Math.max(1, Math.abs(truth[i]));
        assertThat((double) found.scores()[i]).isCloseTo(truth[i], within(tolerance));
        double own = TestVectors.score(query, vectors, found.ordinals()[i], metric);
        assertThat((double) found.scores()[i]).isCloseTo(own, within(tolerance));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void equalScoresComeByOrdinal(Metric metric) {
    float[] few = TestVectors.whole(4, DIMENSION, 3, 3);
    float[] many = new float[300 * DIMENSION];
    for (int i = 0; i < many.length; i++) {
      many[i] = few[i % few.length];
    }
    VectorIndex index = open(DenseVectors.of(many, DIMENSION), metric);
    float[] query = Arrays.copyOf(few, DIMENSION);

    Neighbors found = index.search(query, 300, EXACT, AcceptedRows.ALL);

    assertThat(found.ordinals()).doesNotHaveDuplicates();
    for (int i = 1; i < found.size(); i++) {
      if (found.scores()[i] == found.scores()[i - 1]) {
        assertThat(found.ordinals()[i]).isGreaterThan(found.ordinals()[i - 1]);
      }
    }
    assertThat(IntStream.range(1, 300).filter(i -> differ(found, i)).count()).isLessThan(4);
  }

  @ParameterizedTest
  @EnumSource
  void aBatchAnswersAsSingleSearchesDo(Metric metric) {
    DenseVectors vectors = DenseVectors.of(TestVectors.clustered(500, DIMENSION, 5, 4), DIMENSION);
    VectorIndex index = open(vectors, metric);
    AcceptedRows accepted = TestVectors.accept(500, 0.4, 5);

    for (int size : new int[] {0, 1, 2, 3, 4, 5, 11}) {
      List<float[]> queries = TestVectors.queriesNear(vectors, size, 6);
      List<Neighbors> batch = index.searchBatch(queries, 7, EXACT, accepted);
      assertThat(batch).hasSize(size);
      for (int q = 0; q < size; q++) {
        assertSame(batch.get(q), index.search(queries.get(q), 7, EXACT, accepted));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyAcceptedRowsAreReturnedAndAllOfThemIfFewerThanAsked(Metric metric) {
    DenseVectors vectors = DenseVectors.of(TestVectors.clustered(500, DIMENSION, 5, 7), DIMENSION);
    VectorIndex index = open(vectors, metric);
    long[] words = new long[8];
    words[0] = 1L << 5 | 1L << 63;
    words[7] = 1L << 51;

    Neighbors found = index.search(vectors.row(0), 10, EXACT, AcceptedRows.of(words));

    assertThat(found.ordinals()).containsExactlyInAnyOrder(5, 63, 499);
  }

  @Test
  void moreThanThereIsGivesAll() {
    VectorIndex index = open(DenseVectors.of(TestVectors.whole(5, 3, 9, 8), 3), Metric.L2);

    assertThat(index.search(new float[3], 100, EXACT, AcceptedRows.ALL).size()).isEqualTo(5);
    assertThat(index.search(new float[3], Integer.MAX_VALUE, EXACT, AcceptedRows.ALL).size())
        .isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyIndexFindsNothing(Metric metric) {
    VectorIndex index = open(DenseVectors.of(new float[0], 3), metric);
    List<float[]> queries = List.of(new float[3], new float[3]);

    assertThat(index.count()).isZero();
    assertThat(index.search(new float[3], 1, EXACT, AcceptedRows.ALL).size()).isZero();
    assertThat(index.search(new float[3], 1, new SearchParams.Hnsw(9), AcceptedRows.ALL).size())
        .isZero();
    assertThat(index.searchBatch(queries, 1, EXACT, AcceptedRows.of(new long[1])))
        .allMatch(found -> found.size() == 0);
  }

  @Test
  void theCosineOfAZeroVectorIsZero() {
    float[] rows = {0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0, 0};
    VectorIndex index = open(DenseVectors.of(rows, 3), Metric.COSINE);

    Neighbors found = index.search(new float[] {5, 0, 0}, 4, EXACT, AcceptedRows.ALL);
    Neighbors fromZero = index.search(new float[3], 4, EXACT, AcceptedRows.ALL);

    assertThat(found.ordinals()).containsExactly(1, 0, 3, 2);
    assertThat(found.scores()).containsExactly(1, 0, 0, -1);
    assertThat(fromZero.ordinals()).containsExactly(0, 1, 2, 3);
    assertThat(fromZero.scores()).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource
  void valuesThatAreNoNumbersComeLast(Metric metric) {
    float[] rows = {Float.NaN, 1, 2, 1, 1, Float.NaN, 3, 1};
    VectorIndex index = open(DenseVectors.of(rows, 2), metric);

    Neighbors found = index.search(new float[] {2, 1}, 4, EXACT, AcceptedRows.ALL);

    assertThat(Arrays.copyOfRange(found.ordinals(), 0, 2)).containsExactlyInAnyOrder(1, 3);
    assertThat(Arrays.copyOfRange(found.ordinals(), 2, 4)).containsExactly(0, 2);
  }

  @Test
  void argumentsOutOfRangeAreRefused() {
    VectorIndex index = open(DenseVectors.of(TestVectors.whole(5, 3, 9, 8), 3), Metric.L2);

    assertThatThrownBy(() -> index.search(new float[2], 1, EXACT, AcceptedRows.ALL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("query has 2 values, dimension is 3");
    assertThatThrownBy(() -> index.search(new float[3], 0, EXACT, AcceptedRows.ALL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("k 0 is below 1");
    assertThatThrownBy(() ->
            index.searchBatch(List.of(new float[3], new float[4]), 1, EXACT, AcceptedRows.ALL))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static void assertSame(Neighbors found, Neighbors expected) {
    assertThat(found.ordinals()).isEqualTo(expected.ordinals());
    assertThat(found.scores()).isEqualTo(expected.scores());
  }

  private static boolean differ(Neighbors found, int i) {
    return found.scores()[i] != found.scores()[i - 1];
  }

  private static double[] bestScores(float[] query, DenseVectors vectors, Metric metric, int k) {
    Comparator<Double> better =
        metric == Metric.L2 ? Comparator.naturalOrder() : Comparator.reverseOrder();
    return IntStream.range(0, vectors.count())
        .mapToObj(row -> TestVectors.score(query, vectors, row, metric))
        .sorted(better)
        .limit(k)
        .mapToDouble(Double::doubleValue)
        .toArray();
  }
}
