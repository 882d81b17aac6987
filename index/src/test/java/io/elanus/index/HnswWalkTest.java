package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Walks themselves, without the plan that would rather scan so few rows.
class HnswWalkTest {
  private static final int COUNT = 4000;
  private static final DenseVectors VECTORS =
      TestVectors.offHeap(TestVectors.clustered(COUNT, 16, 20, 1), 16);
  private static final BuiltIndex GRAPH = build(VECTORS);

  @ParameterizedTest
  @CsvSource({"0.01, 20", "0.1, 20", "0.5, 20", "0.5, 64", "1, 20"})
  void aFilteredWalkFindsNearlyAllAccepted(double selectivity, int keep) {
    AcceptedRows accepted = TestVectors.accept(COUNT, selectivity, 2);
    VectorIndex flat = new FlatIndex(VECTORS, Metric.L2);
    HnswWalk walk = walk(GRAPH);
    List<Neighbors> found = new ArrayList<>();
    List<Neighbors> truth = new ArrayList<>();

    for (float[] query : TestVectors.queriesNear(VECTORS, 100, 3)) {
      Scorer scorer = Distances.of(VECTORS, Metric.L2).from(query);
      FilteredRows rows =
          rows(accepted, new SearchPlan.Walk(64, keep, 10, 10 * COUNT, selectivity));
      int start = walk.descend(scorer, 0);
      assertThat(walk.nearestAccepted(scorer, start, Long.MAX_VALUE, rows)).isTrue();
      found.add(rows.nearest(10, Metric.L2));
      truth.add(flat.search(query, 10, new SearchParams.Exact(), accepted));
    }

    assertThat(TestVectors.recall(found, truth, Metric.L2)).isGreaterThan(0.97);
    assertThat(found).allMatch(hits -> allAccepted(hits, accepted));
  }

  @Test
  void aWalkOverItsBudgetIsGivenUp() {
    AcceptedRows few = TestVectors.accept(COUNT, 0.01, 2);
    HnswWalk walk = walk(GRAPH);
    Scorer scorer = Distances.of(VECTORS, Metric.L2).from(VECTORS.row(7));

    FilteredRows rows = rows(few, new SearchPlan.Walk(64, 20, 10, 50, 0.01));
    assertThat(walk.nearestAccepted(scorer, 7, Long.MAX_VALUE, rows)).isFalse();
  }

  /// The rows that are farthest from the query are accepted: where the walk is led to, there is none.
  @Test
  void aWalkThatMeetsNoneOfManyIsGivenUpEarly() {
    Scorer scorer = Distances.of(VECTORS, Metric.L2).from(VECTORS.row(7));
    Neighbors byDistance =
        new FlatIndex(VECTORS, Metric.L2)
            .search(VECTORS.row(7), COUNT, new SearchParams.Exact(), AcceptedRows.ALL);
    long[] words = new long[(COUNT + 63) / 64];
    for (int row : Arrays.copyOfRange(byDistance.ordinals(), COUNT / 2, COUNT)) {
      words[row >> 6] |= 1L << row;
    }
    AtomicInteger scored = new AtomicInteger();
    Scorer counting =
        (ordinals, count, out) -> {
          scored.addAndGet(count);
          scorer.score(ordinals, count, out);
        };

    FilteredRows rows =
        rows(AcceptedRows.of(words), new SearchPlan.Walk(64, 20, 10, COUNT / 2, 0.5));
    assertThat(walk(GRAPH).nearestAccepted(counting, 7, Long.MAX_VALUE, rows)).isFalse();
    assertThat(scored.get()).isLessThan(COUNT / 10);
  }

  private static FilteredRows rows(AcceptedRows accepted, SearchPlan.Walk plan) {
    return new FilteredRows(accepted, plan, plan.ef(), plan.least());
  }

  /// What is farther than all that is wanted is not looked through.
  @Test
  void aWalkEndsBeyondItsLimit() {
    HnswWalk walk = walk(GRAPH);
    float[] far = new float[16];
    Arrays.fill(far, 1000);
    Scorer distances = Distances.of(VECTORS, Metric.L2).from(far);
    AtomicInteger scored = new AtomicInteger();
    Scorer counting =
        (rows, count, out) -> {
          scored.addAndGet(count);
          distances.score(rows, count, out);
        };

    CandidatePool all = walk.nearest(counting, 0, 7, 200, 0);
    assertThat(all.size()).isEqualTo(200);
    int withoutLimit = scored.getAndSet(0);
    CandidatePool some = walk.nearest(counting, 7, 200, 10, NearKey.of(0, 0));
    assertThat(some.size()).isBetween(10, 200);
    assertThat(scored.getAndSet(0)).isLessThan(withoutLimit / 2);

    AcceptedRows half = TestVectors.accept(COUNT, 0.5, 2);
    FilteredRows rows = rows(half, new SearchPlan.Walk(200, 200, 10, 10 * COUNT, 0.5));
    assertThat(walk.nearestAccepted(counting, 7, NearKey.of(0, 0), rows)).isTrue();
    assertThat(rows.size()).isGreaterThanOrEqualTo(10);
    assertThat(scored.get()).isLessThan(withoutLimit);
  }

  /// Groups of equal vectors of any size stay reachable, and so does everything behind them.
  @ParameterizedTest
  @ValueSource(ints = {2, 20, 100, 1000, COUNT})
  void twinsAreAllReachable(int twins) {
    float[] values = TestVectors.clustered(COUNT, 16, 20, 4);
    for (int row = 0; row < twins; row++) {
      System.arraycopy(values, 0, values, row * (COUNT / twins) * 16, 16);
    }
    DenseVectors vectors = TestVectors.offHeap(values, 16);
    HnswWalk walk = walk(build(vectors));
    Scorer scorer = Distances.of(vectors, Metric.L2).from(vectors.row(0));

    CandidatePool pool = walk.nearest(scorer, 0, walk.descend(scorer, 0), COUNT, 0);

    assertThat(pool.size()).isGreaterThan(COUNT * 995 / 1000);
    assertThat(Neighbors.of(pool.keys(), twins, Metric.L2).scores()).containsOnly(0);
  }

  private static HnswWalk walk(BuiltIndex graph) {
    return new HnswWalk(new HnswLinks(graph.file(), HnswFormat.readHeader(graph.file())));
  }

  private static BuiltIndex build(DenseVectors vectors) {
    IndexParams.Hnsw params = new IndexParams.Hnsw(Metric.L2, 12, 80, 9);
    return IndexBuilder.build(vectors, params, BuildControl.onCallingThread());
  }

  private static boolean allAccepted(Neighbors hits, AcceptedRows accepted) {
    for (int ordinal : hits.ordinals()) {
      if (!accepted.accepts(ordinal)) {
        return false;
      }
    }
    return true;
  }
}
