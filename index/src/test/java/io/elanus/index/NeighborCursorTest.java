package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Searches that go on, of every kind of index.
class NeighborCursorTest {
  private static final int COUNT = 3000;
  private static final int DIMENSION = 24;

  /// Indexes to be searched with effort that is not exact.
  enum Kind {
    FLAT,
    GRAPH,
    GRAPH_OF_BYTES,
    GRAPH_OF_HALF_BYTES,
    GRAPH_OF_BITS,
    GRAPH_IN_PAGES,
    LISTS,
    LISTS_OF_BYTES,
    LISTS_OF_BITS;

    VectorIndex over(DenseVectors vectors, Metric metric) {
      return switch (this) {
        case FLAT -> new FlatIndex(vectors, metric);
        case GRAPH -> build(vectors, new IndexParams.Hnsw(metric, 8, 60, 1));
        case GRAPH_OF_BYTES ->
            build(vectors, new IndexParams.Hnsw(metric, 8, 60, Quantization.SQ7, 1));
        case GRAPH_OF_HALF_BYTES ->
            build(vectors, new IndexParams.Hnsw(metric, 8, 60, Quantization.SQ4, 1));
        case GRAPH_OF_BITS ->
            build(vectors, new IndexParams.Hnsw(metric, 8, 60, Quantization.BIT, 1));
        case GRAPH_IN_PAGES -> build(vectors, new IndexParams.Paged(metric, 40, 60, 1));
        case LISTS -> build(vectors, new IndexParams.Ivf(metric, 40, 1));
        case LISTS_OF_BYTES -> build(vectors, new IndexParams.Ivf(metric, 40, Quantization.SQ7, 1));
        case LISTS_OF_BITS -> build(vectors, new IndexParams.Ivf(metric, 40, Quantization.BIT, 1));
      };
    }

    SearchParams effort() {
      return switch (this) {
        case FLAT, GRAPH, GRAPH_OF_BYTES, GRAPH_OF_HALF_BYTES, GRAPH_OF_BITS, GRAPH_IN_PAGES ->
            new SearchParams.Hnsw(24);
        case LISTS, LISTS_OF_BYTES, LISTS_OF_BITS -> new SearchParams.Ivf(6);
      };
    }

    private static VectorIndex build(DenseVectors vectors, IndexParams params) {
      BuiltIndex built = IndexBuilder.build(vectors, params, BuildControl.onCallingThread());
      return VectorIndex.of(built, vectors);
    }
  }

  private static DenseVectors vectors() {
    return TestVectors.offHeap(TestVectors.clustered(COUNT, DIMENSION, 30, 1), DIMENSION);
  }

  private static List<AcceptedRows> filters() {
    return List.of(
        AcceptedRows.ALL,
        TestVectors.accept(COUNT, 0.9, 2),
        TestVectors.accept(COUNT, 0.3, 3),
        TestVectors.accept(COUNT, 0.01, 4),
        AcceptedRows.of(new long[1]));
  }

  /// Pulled in stretches of changing length.
  private static Neighbors all(NeighborCursor cursor, Random random) {
    Neighbors all = Neighbors.NONE;
    while (true) {
      int n = random.nextInt(5) == 0 ? 1000 : random.nextInt(1, 40);
      Neighbors next = cursor.next(n);
      assertAscending(next);
      all = all.and(next, Metric.L2);
      if (next.size() < n) {
        assertThat(cursor.next(1).size()).isZero();
        return all;
      }
    }
  }

  /// Best first, under L2.
  private static void assertAscending(Neighbors next) {
    for (int i = 1; i < next.size(); i++) {
      assertThat(next.scores()[i]).isGreaterThanOrEqualTo(next.scores()[i - 1]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachAcceptedRowIsGivenOnceWithItsScore(Kind kind) {
    DenseVectors vectors = vectors();
    VectorIndex index = kind.over(vectors, Metric.L2);
    float[] query = TestVectors.queriesNear(vectors, 1, 7).getFirst();
    Neighbors truth = index.search(query, COUNT, new SearchParams.Exact(), AcceptedRows.ALL);
    float[] scoreOf = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      scoreOf[truth.ordinals()[i]] = truth.scores()[i];
    }

    for (SearchParams params :
        List.of(kind.effort(), new SearchParams.Walk(16), new SearchParams.Exact())) {
      for (AcceptedRows accepted : filters()) {
        Neighbors all = all(index.cursor(query, params, accepted), new Random(9));

        int[] expected = Arrays.stream(truth.ordinals()).filter(accepted::accepts).toArray();
        assertThat(all.ordinals()).containsExactlyInAnyOrder(expected);
        for (int i = 0; i < all.size(); i++) {
          assertThat(all.scores()[i]).isEqualTo(scoreOf[all.ordinals()[i]]);
        }
      }
    }
  }

  static Stream<Arguments> kindsAndMetrics() {
    return Stream.of(Kind.values())
        .flatMap(kind -> Stream.of(Metric.values()).map(metric -> Arguments.of(kind, metric)));
  }

  @ParameterizedTest
  @MethodSource("kindsAndMetrics")
  void exactOnesGiveTheTrueOrder(Kind kind, Metric metric) {
    DenseVectors vectors = vectors();
    VectorIndex index = kind.over(vectors, metric);
    SearchParams exact = new SearchParams.Exact();

    for (float[] query : TestVectors.queriesNear(vectors, 3, 8)) {
      for (AcceptedRows accepted : filters()) {
        NeighborCursor cursor = index.cursor(query, exact, accepted);
        Neighbors truth = index.search(query, 308, exact, accepted);
        int given = 0;
        for (int n : new int[] {7, 1, 300}) {
          int end = Math.min(given + n, truth.size());
          VectorIndexContract.assertSame(cursor.next(n), truth.part(given, end));
          given = end;
        }
      }
    }
  }

  static Stream<Arguments> kindsAndDistances() {
    return kindsAndMetrics().filter(of -> of.get()[1] != Metric.INNER_PRODUCT);
  }

  @ParameterizedTest
  @MethodSource("kindsAndDistances")
  void goingOnFindsNearlyAll(Kind kind, Metric metric) {
    DenseVectors vectors = vectors();
    VectorIndex index = kind.over(vectors, metric);
    List<float[]> queries = TestVectors.queriesNear(vectors, 40, 11);
    for (AcceptedRows accepted : filters().subList(0, 3)) {
      List<Neighbors> truth = new ArrayList<>();
      List<Neighbors> found = new ArrayList<>();
      for (float[] query : queries) {
        truth.add(index.search(query, 60, new SearchParams.Exact(), accepted));
        NeighborCursor cursor = index.cursor(query, kind.effort(), accepted);
        Neighbors pulled = cursor.next(10);
        for (int i = 1; i < 6; i++) {
          pulled = pulled.and(cursor.next(10), metric);
        }
        found.add(pulled);
      }
      assertThat(TestVectors.recall(found, truth, metric)).isGreaterThan(0.97);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameSearchGivesTheSame(Kind kind) {
    DenseVectors vectors = vectors();
    VectorIndex index = kind.over(vectors, Metric.COSINE);
    float[] query = TestVectors.queriesNear(vectors, 1, 7).getFirst();
    AcceptedRows accepted = TestVectors.accept(COUNT, 0.5, 3);
    NeighborCursor one = index.cursor(query, kind.effort(), accepted);
    NeighborCursor other = index.cursor(query, kind.effort(), accepted);

    for (int n : new int[] {1, 50, 3, 500}) {
      VectorIndexContract.assertSame(one.next(n), other.next(n));
    }
  }

  @ParameterizedTest
  @EnumSource
  void argumentsOutOfRangeAreRefused(Kind kind) {
    VectorIndex index = kind.over(vectors(), Metric.L2);
    SearchParams params = kind.effort();

    assertThatThrownBy(() -> index.cursor(new float[2], params, AcceptedRows.ALL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("query has 2 values, dimension is 24");
    NeighborCursor cursor = index.cursor(new float[DIMENSION], params, AcceptedRows.ALL);
    assertThatThrownBy(() -> cursor.next(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
