package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows with lists of vectors against sums over all of them.
final class ListIndexTest {
  private static final int DIMENSION = 16;
  private static final int ROWS = 4000;
  private static final int K = 10;

  private static final VectorLists LISTS = lists(ROWS, 7, 1);
  private static final DenseVectors VECTORS =
      TestVectors.offHeap(TestVectors.clustered(LISTS.vectorCount(), DIMENSION, 200, 2), DIMENSION);

  /// Of no vectors to `most`.
  private static VectorLists lists(int count, int most, long seed) {
    Random random = new Random(seed);
    int[] starts = new int[count + 1];
    for (int row = 0; row < count; row++) {
      starts[row + 1] = starts[row] + random.nextInt(most + 1);
    }
    return new VectorLists(MemorySegment.ofArray(starts), count);
  }

  @Test
  void aVectorIsOfTheRowWhoseListHasIt() {
    VectorLists lists = new VectorLists(MemorySegment.ofArray(new int[] {0, 0, 2, 2, 5, 5}), 5);

    assertThat(IntStream.range(0, 5).map(lists::row)).containsExactly(1, 1, 3, 3, 3);
    AcceptedRows some = lists.vectorsOf(AcceptedRows.of(new long[] {0b11110}));
    assertThat(some.cardinality(5)).isEqualTo(5);
    AcceptedRows last = lists.vectorsOf(AcceptedRows.of(new long[] {0b11000}));
    assertThat(IntStream.range(0, 5).filter(last::accepts)).containsExactly(2, 3, 4);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void aScanScoresEveryRow(Metric metric) {
    ListIndex index = new ListIndex(new FlatIndex(VECTORS, metric), VECTORS, LISTS);
    for (AcceptedRows accepted : List.of(AcceptedRows.ALL, everyThird())) {
      for (List<float[]> query : queries(5)) {
        Neighbors found = search(index, query, K, accepted);

        int[] nearest = nearest(query, metric, accepted);
        assertThat(found.ordinals()).containsExactly(nearest);
        for (int i = 0; i < K; i++) {
          assertThat(found.scores()[i])
              .isCloseTo((float) score(query, nearest[i], metric), offset(0.5f));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void aGraphFindsNearlyAll(Metric metric) {
    IndexParams params = new IndexParams.Hnsw(metric, 16, 100, Quantization.NONE, 1);

    assertThat(recall(params, AcceptedRows.ALL)).isGreaterThan(0.9);
    assertThat(recall(params, everyThird())).isGreaterThan(0.9);
  }

  @Test
  void ofListsAndCodesItIsTheSame() {
    assertThat(recall(new IndexParams.Ivf(Metric.L2, 20, Quantization.NONE, 1), AcceptedRows.ALL))
        .isGreaterThan(0.9);
    assertThat(
            recall(new IndexParams.Hnsw(Metric.L2, 16, 100, Quantization.SQ7, 1), AcceptedRows.ALL))
        .isGreaterThan(0.9);
  }

  /// The vectors nearest to a query are all of a few rows.
  @ParameterizedTest
  @ValueSource(ints = {1, 40, 2000})
  void asManyRowsAreFoundAsMatch(int k) {
    int rows = 3000;
    int[] starts = new int[rows + 1];
    for (int row = 0; row < rows; row++) {
      starts[row + 1] = starts[row] + (row < 5 ? 2000 : row % 2);
    }
    VectorLists lists = new VectorLists(MemorySegment.ofArray(starts), rows);
    float[] values = new float[2 * lists.vectorCount()];
    Random random = new Random(8);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() + (i < 20_000 ? 0 : 10);
    }
    DenseVectors vectors = TestVectors.offHeap(values, 2);
    IndexParams params = new IndexParams.Hnsw(Metric.L2, 8, 40, Quantization.NONE, 1);
    VectorIndex graph =
        VectorIndex.of(
            IndexBuilder.build(vectors, params, BuildControl.onCallingThread()), vectors);
    ListIndex index = new ListIndex(graph, vectors, lists);

    Neighbors found = search(index, List.of(new float[2]), k, AcceptedRows.ALL);

    int matching = 5 + (rows - 5) / 2 + 1;
    assertThat(found.size()).isEqualTo(Math.min(k, matching));
    assertThat(found.ordinals()).doesNotHaveDuplicates();
    assertThat(Arrays.stream(found.ordinals()).limit(5)).allMatch(row -> row < 5);
  }

  @Test
  void bitsAreScoredTheSameWay() {
    Random random = new Random(4);
    byte[] data = new byte[2 * LISTS.vectorCount()];
    random.nextBytes(data);
    List<byte[]> query = List.of(new byte[] {1, 2}, new byte[] {-1, 0}, new byte[] {7, 77});
    BinaryScan scan =
        new BinaryScan(
            new BitVectors(MemorySegment.ofArray(data), LISTS.vectorCount(), 2),
            BinaryScan.Metric.HAMMING);

    Neighbors found = scan.search(query, LISTS, 100, everyThird());

    int[] expected =
        rows(everyThird())
            .boxed()
            .sorted(
                Comparator.comparingInt((Integer row) -> bitsApart(query, row, data))
                    .thenComparing(row -> row))
            .limit(100)
            .mapToInt(row -> row)
            .toArray();
    assertThat(found.ordinals()).containsExactly(expected);
    for (int i = 0; i < 100; i++) {
      assertThat(found.scores()[i]).isEqualTo(bitsApart(query, expected[i], data));
    }
  }

  private static int bitsApart(List<byte[]> query, int row, byte[] data) {
    return query.stream()
        .mapToInt(vector ->
            IntStream.range(LISTS.start(row), LISTS.end(row))
                .map(i ->
                    Integer.bitCount((vector[0] ^ data[2 * i]) & 0xff)
                        + Integer.bitCount((vector[1] ^ data[2 * i + 1]) & 0xff))
                .min()
                .orElseThrow())
        .sum();
  }

  @Test
  void whatDoesNotFitIsRefused() {
    ListIndex index = new ListIndex(new FlatIndex(VECTORS, Metric.L2), VECTORS, LISTS);

    assertThatThrownBy(() -> search(index, List.of(), 1, AcceptedRows.ALL))
        .hasMessage("a query without vectors");
    assertThatThrownBy(() -> search(index, List.of(new float[3]), 1, AcceptedRows.ALL))
        .hasMessageContaining("dimension is 16");
    assertThatThrownBy(
            () -> new ListIndex(new FlatIndex(VECTORS, Metric.L2), VECTORS, lists(9, 3, 1)))
        .hasMessageContaining("vectors in lists");
  }

  private static double recall(IndexParams params, AcceptedRows accepted) {
    VectorIndex vectors =
        VectorIndex.of(
            IndexBuilder.build(VECTORS, params, BuildControl.onCallingThread()), VECTORS);
    ListIndex index = new ListIndex(vectors, VECTORS, LISTS);
    int found = 0;
    List<List<float[]>> queries = queries(20);
    for (List<float[]> query : queries) {
      int[] rows = search(index, query, K, accepted).ordinals();
      assertThat(rows).hasSize(K).doesNotHaveDuplicates();
      assertThat(IntStream.of(rows)).allMatch(accepted::accepts);
      int[] nearest = nearest(query, vectors.metric(), accepted);
      found += (int) Arrays.stream(rows).filter(r -> contains(nearest, r)).count();
    }
    return (double) found / (K * queries.size());
  }

  private static boolean contains(int[] rows, int row) {
    return Arrays.stream(rows).anyMatch(r -> r == row);
  }

  private static Neighbors search(
      ListIndex index, List<float[]> query, int k, AcceptedRows accepted) {
    return index.searchBatch(List.of(query), k, new SearchParams.Hnsw(64), accepted).getFirst();
  }

  /// Lists of one vector, two...
  private static List<List<float[]>> queries(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> TestVectors.queriesNear(VECTORS, 1 + i % 6, 100 + i))
        .toList();
  }

  private static AcceptedRows everyThird() {
    long[] words = new long[(ROWS + 63) / 64];
    for (int row = 0; row < ROWS; row += 3) {
      words[row >> 6] |= 1L << row;
    }
    return AcceptedRows.of(words);
  }

  private static IntStream rows(AcceptedRows accepted) {
    return IntStream.range(0, ROWS)
        .filter(accepted::accepts)
        .filter(row -> LISTS.end(row) > LISTS.start(row));
  }

  private static int[] nearest(List<float[]> query, Metric metric, AcceptedRows accepted) {
    Comparator<Integer> byScore = Comparator.comparingDouble(row -> score(query, row, metric));
    return rows(accepted)
        .boxed()
        .sorted(metric == Metric.L2 ? byScore : byScore.reversed())
        .limit(K)
        .mapToInt(row -> row)
        .toArray();
  }

  private static double score(List<float[]> query, int row, Metric metric) {
    return query.stream()
        .mapToDouble(vector -> {
          var scores =
              IntStream.range(LISTS.start(row), LISTS.end(row))
                  .mapToDouble(i -> TestVectors.score(vector, VECTORS, i, metric));
          return (metric == Metric.L2 ? scores.min() : scores.max()).orElseThrow();
        })
        .sum();
  }
}
