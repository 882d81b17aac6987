package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The best of many vectors, looked for in several indexes one after the other: each is told what the ones before it found.
class ScoreLimitsTest {
  private static final int DIMENSION = 40;
  private static final int PART = 5_000;
  private static final int PARTS = 5;
  private static final int K = 20;

  static Stream<IndexParams> indexes() {
    return Stream.of(Metric.values())
        .flatMap(metric ->
            Stream.of(
                new IndexParams.Hnsw(metric, 16, 60, Quantization.NONE, 1),
                new IndexParams.Hnsw(metric, 16, 60, Quantization.SQ7, 1),
                new IndexParams.Hnsw(metric, 16, 60, Quantization.SQ4, 1),
                new IndexParams.Hnsw(metric, 16, 60, Quantization.BIT, 1),
                new IndexParams.Paged(metric, 40, 60, 1),
                new IndexParams.Ivf(metric, 32, Quantization.SQ7, 1),
                new IndexParams.Ivf(metric, 32, Quantization.BIT, 1)));
  }

  @ParameterizedTest
  @MethodSource("indexes")
  void theBestOfAllPartsAreFound(IndexParams params) {
    List<DenseVectors> parts = new ArrayList<>();
    List<VectorIndex> indexes = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      DenseVectors vectors =
          TestVectors.offHeap(TestVectors.clustered(PART, DIMENSION, 30, part), DIMENSION);
      parts.add(vectors);
      indexes.add(
          VectorIndex.of(
              IndexBuilder.build(vectors, params, BuildControl.onCallingThread()), vectors));
    }
    AcceptedRows most = TestVectors.accept(PART, 0.8, 3);

    for (AcceptedRows accepted : List.of(AcceptedRows.ALL, most)) {
      for (float length : lengths(indexes.getFirst().metric())) {
        double alone = recall(parts, indexes, accepted, length, false);
        double together = recall(parts, indexes, accepted, length, true);
        assertThat(together).isGreaterThan(alone - 0.04);
      }
    }
  }

  /// Queries like the rows, such as lie far outside, and of no length to speak of where that decides nothing.
  private static float[] lengths(Metric metric) {
    return metric == Metric.L2 ? new float[] {1, 3} : new float[] {1, 3, 0.001f};
  }

  /// @param length that queries are multiplied with
  /// @param limited whether an index is told what those before it found
  private static double recall(
      List<DenseVectors> parts,
      List<VectorIndex> indexes,
      AcceptedRows accepted,
      float length,
      boolean limited) {
    Metric metric = indexes.getFirst().metric();
    List<float[]> queries = TestVectors.queriesNear(parts.get(1), 60, 9);
    queries.forEach(query -> RowValues.scale(query, length));
    int found = 0;
    for (float[] query : queries) {
      Set<Integer> truth = new HashSet<>(best(all(parts, query, metric, accepted)));
      List<Row> seen = new ArrayList<>();
      for (int part = 0; part < PARTS; part++) {
        ScoreLimits limits = limited ? limits(seen) : ScoreLimits.NONE;
        SearchParams params = new SearchParams.Hnsw(64);
        List<Neighbors> more =
            indexes.get(part).searchBatch(List.of(query), K, params, accepted, limits);
        assertThat(more.getFirst().size()).isBetween(0, K);
        seen.addAll(rows(part, more.getFirst(), metric));
      }
      found += (int) best(seen).stream().filter(truth::contains).count();
    }
    return found / (double) (K * queries.size());
  }

  @Test
  void aScoreThatIsNotANumberLimitsNothing() {
    ScoreLimits limits = new ScoreLimits(new float[] {Float.NaN, 3});
    assertThat(limits.of(0, Metric.L2)).isEqualTo(Long.MAX_VALUE);
    assertThat(ScoreLimits.NONE.of(7, Metric.L2)).isEqualTo(Long.MAX_VALUE);
    long key = limits.of(1, Metric.L2);
    assertThat(NearKey.of(3, Integer.MAX_VALUE)).isLessThan(key);
    assertThat(NearKey.of(Math.nextUp(3f), 0)).isGreaterThanOrEqualTo(key);
    long product = limits.of(1, Metric.INNER_PRODUCT);
    assertThat(NearKey.of(-3, Integer.MAX_VALUE)).isLessThan(product);
    assertThat(NearKey.of(-2.9f, 0)).isGreaterThanOrEqualTo(product);
  }

  @ParameterizedTest
  @EnumSource
  void aScanGoesOnAfterAScore(Metric metric) {
    float[] values = TestVectors.clustered(3_000, DIMENSION, 30, 1);
    System.arraycopy(values, 0, values, DIMENSION, DIMENSION); // two rows of one score
    DenseVectors vectors = TestVectors.offHeap(values, DIMENSION);
    List<float[]> queries = TestVectors.queriesNear(vectors, 3, 9);
    FlatIndex index = new FlatIndex(vectors, metric);
    SearchParams exact = new SearchParams.Exact();
    Neighbors all = index.search(queries.getFirst(), vectors.count(), exact, AcceptedRows.ALL);

    int twice =
        IntStream.range(0, all.size()).filter(i -> all.ordinals()[i] == 0).findFirst().getAsInt();
    List<Integer> lasts = new ArrayList<>(List.of(twice));
    IntStream.iterate(0, i -> i < all.size(), i -> i + 97).forEach(lasts::add);
    for (int last : lasts) {
      float given = all.scores()[last];
      int from = last + 1;
      while (from < vectors.count() && all.scores()[from] == given) {
        from++;
      }
      int[] expected = Arrays.copyOfRange(all.ordinals(), from, Math.min(from + K, all.size()));
      for (List<float[]> some : List.of(queries.subList(0, 1), queries)) {
        Neighbors found =
            index
                .searchBatch(some, K, exact, AcceptedRows.ALL, ScoreLimits.after(given))
                .getFirst();
        assertThat(found.ordinals()).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-1e30f, -1, -0f, 0, 1, 1e30f, Float.POSITIVE_INFINITY})
  void keysAfterAScoreAreThoseOfWorseOnes(float score) {
    for (Metric metric : Metric.values()) {
      long first = ScoreLimits.after(score).first(metric);
      float distance = metric.distance(score);
      assertThat(NearKey.of(distance, Integer.MAX_VALUE)).isLessThan(first);
      assertThat(NearKey.of(Math.nextUp(distance), 0) < first)
          .isEqualTo(distance == Float.POSITIVE_INFINITY);
    }
    assertThat(ScoreLimits.NONE.first(Metric.L2)).isEqualTo(Long.MIN_VALUE);
  }

  private record Row(int number, float distance, float score) {}

  private static List<Row> rows(int part, Neighbors found, Metric metric) {
    return IntStream.range(0, found.size())
        .mapToObj(i ->
            new Row(
                part * PART + found.ordinals()[i],
                metric.distance(found.scores()[i]),
                found.scores()[i]))
        .toList();
  }

  private static List<Row> all(
      List<DenseVectors> parts, float[] query, Metric metric, AcceptedRows accepted) {
    return IntStream.range(0, parts.size())
        .boxed()
        .flatMap(part ->
            rows(
                part,
                new FlatIndex(parts.get(part), metric)
                    .search(query, K, new SearchParams.Exact(), accepted),
                metric)
                .stream())
        .toList();
  }

  private static List<Row> nearest(List<Row> rows) {
    return rows.stream()
        .sorted((a, b) -> Float.compare(a.distance(), b.distance()))
        .limit(K)
        .toList();
  }

  private static List<Integer> best(List<Row> rows) {
    return nearest(rows).stream().map(Row::number).toList();
  }

  private static ScoreLimits limits(List<Row> seen) {
    return seen.size() < K
        ? ScoreLimits.NONE
        : new ScoreLimits(new float[] {nearest(seen).getLast().score()});
  }
}
