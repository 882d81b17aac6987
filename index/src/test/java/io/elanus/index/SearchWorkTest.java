package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.SearchWork.Way;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SearchWorkTest {
  private static final int COUNT = 8000;
  private static final DenseVectors VECTORS =
      TestVectors.offHeap(TestVectors.clustered(COUNT, 32, 40, 1), 32);
  private static final SearchParams EF = new SearchParams.Hnsw(64);

  @ParameterizedTest
  @EnumSource(Quantization.class)
  void walksTellHowFarTheyWent(Quantization quantization) {
    VectorIndex graph = graph(quantization);

    SearchWork work = work(graph, EF, AcceptedRows.ALL);

    assertThat(work.ways()).containsExactly(Way.WALK);
    assertThat(work.steps()).isBetween(50L, 400L);
    assertThat(work.met()).isBetween(work.steps(), (long) COUNT);
    boolean anew = quantization == Quantization.SQ7 || quantization == Quantization.SQ4;
    assertThat(work.refined() > 0).isEqualTo(anew);
    assertThat(work.scanned() + work.lists()).isZero();
    assertThat(work.toString()).startsWith("walk of ");
  }

  @Test
  void moreCandidatesAreMoreWork() {
    VectorIndex graph = graph(Quantization.NONE);

    assertThat(work(graph, new SearchParams.Hnsw(200), AcceptedRows.ALL).met())
        .isGreaterThan(work(graph, EF, AcceptedRows.ALL).met());
  }

  @Test
  void aFilterThatLeavesFewIsScanned() {
    AcceptedRows few = TestVectors.accept(COUNT, 0.01, 2);

    SearchWork work = work(graph(Quantization.SQ7), EF, few);

    assertThat(work.ways()).containsExactly(Way.SCAN);
    assertThat(work.scanned()).isEqualTo(few.cardinality(COUNT));
    assertThat(work.toString()).isEqualTo("scan of %,d rows".formatted(few.cardinality(COUNT)));
  }

  /// All that are near are left out: the walk leads nowhere, which is seen early.
  @Test
  void whatIsGivenUpIsTold() {
    VectorIndex graph = graph(Quantization.NONE);
    Neighbors byDistance =
        graph.search(VECTORS.row(5), COUNT, new SearchParams.Exact(), AcceptedRows.ALL);
    long[] words = new long[(COUNT + 63) / 64];
    for (int row : Arrays.copyOfRange(byDistance.ordinals(), COUNT / 2, COUNT)) {
      words[row >> 6] |= 1L << row;
    }

    SearchParams few = new SearchParams.Hnsw(16);
    AcceptedRows far = AcceptedRows.of(words);
    SearchWork work = work(graph, few, far);

    assertThat(work.ways()).containsExactlyInAnyOrder(Way.WALK, Way.SCAN);
    assertThat(work.scanned()).isEqualTo(COUNT / 2);
    assertThat(work.met()).isLessThan(COUNT / 10);

    List<float[]> queries =
        IntStream.of(5, byDistance.ordinals()[COUNT - 1], 5, 6).mapToObj(VECTORS::row).toList();
    List<Neighbors> together = graph.searchBatch(queries, 10, few, far);
    for (int q = 0; q < queries.size(); q++) {
      assertThat(together.get(q).ordinals())
          .isEqualTo(graph.search(queries.get(q), 10, few, far).ordinals());
    }
  }

  @ParameterizedTest
  @EnumSource(Quantization.class)
  void aFilteredWalkThatKeepsOneRowFindsIt(Quantization quantization) {
    AcceptedRows half = TestVectors.accept(COUNT, 0.5, 4);
    VectorIndex graph = graph(quantization);
    int found = 0;
    for (int row = 0; row < 200; row++) {
      float[] query = VECTORS.row(row);
      Neighbors nearest = graph.search(query, 1, new SearchParams.Hnsw(1), half);
      Neighbors exact = graph.search(query, 1, new SearchParams.Exact(), half);
      found += nearest.ordinals()[0] == exact.ordinals()[0] ? 1 : 0;
    }
    assertThat(found).isGreaterThan(60);
  }

  @Test
  void listsAreCounted() {
    VectorIndex lists = index(new IndexParams.Ivf(Metric.L2, 50, Quantization.SQ7, 1));

    SearchWork work = work(lists, new SearchParams.Ivf(5), AcceptedRows.ALL);

    assertThat(work.ways()).containsExactly(Way.LISTS);
    assertThat(work.lists()).isEqualTo(5);
    assertThat(work.listed()).isBetween(1L, (long) COUNT);
    assertThat(work.refined()).isPositive();
  }

  private static SearchWork work(VectorIndex index, SearchParams params, AcceptedRows accepted) {
    SearchWork work = new SearchWork();
    Neighbors found = index.search(VECTORS.row(5), 10, params, accepted, work);
    Neighbors without = index.search(VECTORS.row(5), 10, params, accepted);
    assertThat(found.ordinals()).isEqualTo(without.ordinals());
    return work;
  }

  private static VectorIndex graph(Quantization quantization) {
    return index(new IndexParams.Hnsw(Metric.L2, 12, 80, quantization, 9));
  }

  private static VectorIndex index(IndexParams params) {
    return VectorIndex.of(
        IndexBuilder.build(VECTORS, params, BuildControl.onCallingThread()), VECTORS);
  }
}
