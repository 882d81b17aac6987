package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.NearestGroups.Extent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Searches for groups against lists of all rows.
class NearestGroupsTest {
  private static final SearchParams EXACT = new SearchParams.Exact();

  static IntStream seeds() {
    return IntStream.range(0, 300);
  }

  /// The rows of a test: few values, so that many are equally near.
  private record World(
      DenseVectors vectors, int[] groups, int[] keys, AcceptedRows accepted, Metric metric) {
    static World random(Random random) {
      int count = random.nextInt(4) == 0 ? random.nextInt(1, 9) : random.nextInt(1, 700);
      int groups = random.nextInt(1, 1 + (random.nextBoolean() ? 4 : count));
      int range = random.nextInt(1, 40);
      DenseVectors vectors =
          DenseVectors.of(TestVectors.whole(count, 2, range, random.nextLong()), 2);
      int[] groupOf = new int[count];
      int[] keys = new int[count];
      boolean skewed = random.nextBoolean();
      for (int row = 0; row < count; row++) {
        groupOf[row] = skewed && random.nextInt(20) > 0 ? 0 : random.nextInt(groups);
        keys[row] = random.nextInt(random.nextInt(5) == 0 ? 1 + count / 4 : 100 * count);
      }
      AcceptedRows accepted =
          random.nextBoolean()
              ? AcceptedRows.ALL
              : TestVectors.accept(count, random.nextDouble(), random.nextLong());
      Metric metric = Metric.values()[random.nextInt(2)];
      return new World(vectors, groupOf, keys, accepted, metric);
    }

    RowGroups rowGroups() {
      return new RowGroups() {
        @Override
        public Object group(int row) {
          return groups[row] == 3 ? NONE : Integer.valueOf(groups[row]);
        }

        @Override
        public int compare(int row, int other) {
          return Integer.compare(keys[row], keys[other]);
        }
      };
    }

    /// Group, key and score of each row of the answer, by looking at all of them.
    List<String> expected(float[] query, NearestGroups nearest) {
      List<Integer> rows =
          IntStream.range(0, keys.length)
              .filter(row -> accepted.accepts(row) && groups[row] != 3)
              .boxed()
              .sorted(
                  Comparator.<Integer>comparingDouble(row -> distance(query, row))
                      .thenComparingInt(row -> keys[row]))
              .toList();
      Map<Integer, List<Integer>> chosen = new HashMap<>();
      List<String> answer = new ArrayList<>();
      for (int row : rows) {
        if (!chosen.containsKey(groups[row]) && chosen.size() == nearest.groups()) {
          continue;
        }
        List<Integer> of = chosen.computeIfAbsent(groups[row], _ -> new ArrayList<>());
        if (of.size() < nearest.size() && !of.contains(keys[row])) {
          of.add(keys[row]);
          answer.add(text(query, row));
        }
        if (nearest.extent() == Extent.NEARER_THAN_LAST && chosen.size() == nearest.groups()) {
          break;
        }
      }
      return answer;
    }

    List<String> found(float[] query, NearestGroups nearest, VectorIndex index, float worst) {
      NearestGroups.Scope scope =
          new NearestGroups.Scope(
              rows -> index.cursor(query, EXACT, rows), accepted, index.count(), metric);
      Neighbors found = nearest.search(scope, rowGroups(), worst);
      for (int i = 0; i < found.size(); i++) {
        assertThat(accepted.accepts(found.ordinals()[i])).isTrue();
      }
      return IntStream.of(found.ordinals()).mapToObj(row -> text(query, row)).toList();
    }

    double distance(float[] query, int row) {
      double score = TestVectors.score(query, vectors, row, metric);
      return metric == Metric.L2 ? score : -score;
    }

    private String text(float[] query, int row) {
      return "%d:%d:%s".formatted(groups[row], keys[row], distance(query, row));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theAnswerIsThatOfAllRows(int seed) {
    Random random = new Random(seed);
    World world = World.random(random);
    VectorIndex index = new FlatIndex(world.vectors(), world.metric());
    for (int i = 0; i < 6; i++) {
      float[] query = {random.nextInt(-9, 10), random.nextInt(-9, 10)};
      NearestGroups nearest =
          new NearestGroups(
              random.nextInt(1, random.nextBoolean() ? 4 : 200),
              random.nextInt(1, 5),
              Extent.values()[random.nextInt(2)]);

      List<String> expected = world.expected(query, nearest);
      assertThat(world.found(query, nearest, index, Float.NaN)).isEqualTo(expected);
    }
  }

  /// Rows behind the limit may be missing, all others are there.
  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsNotWorseThanTheLimitIsFound(int seed) {
    Random random = new Random(seed);
    World world = World.random(random);
    VectorIndex index = new FlatIndex(world.vectors(), world.metric());
    float[] query = {random.nextInt(-9, 10), random.nextInt(-9, 10)};
    NearestGroups nearest =
        new NearestGroups(random.nextInt(1, 9), 2, Extent.values()[random.nextInt(2)]);
    List<String> expected = world.expected(query, nearest);
    int row = random.nextInt(world.keys().length);
    float worst = (float) TestVectors.score(query, world.vectors(), row, world.metric());
    double limit = world.distance(query, row);
    long near =
        expected.stream()
            .filter(hit -> Double.parseDouble(hit.substring(hit.lastIndexOf(':') + 1)) <= limit)
            .count();

    List<String> found = world.found(query, nearest, index, worst);

    assertThat(found).hasSizeGreaterThanOrEqualTo((int) near);
    assertThat(found.subList(0, (int) near)).isEqualTo(expected.subList(0, (int) near));
  }

  /// A graph and lists give whole groups, nearly always the right ones.
  @ParameterizedTest
  @EnumSource(NeighborCursorTest.Kind.class)
  void anyIndexFindsNearlyAllGroups(NeighborCursorTest.Kind kind) {
    int count = 3000;
    DenseVectors vectors = TestVectors.offHeap(TestVectors.clustered(count, 16, 60, 1), 16);
    VectorIndex index = kind.over(vectors, Metric.L2);
    AcceptedRows accepted = TestVectors.accept(count, 0.7, 2);
    RowGroups groups = row -> row % 100;
    NearestGroups nearest = new NearestGroups(20, 3, Extent.FULL);
    int common = 0;
    List<float[]> queries = TestVectors.queriesNear(vectors, 30, 5);
    for (float[] query : queries) {
      Neighbors truth = search(index, query, EXACT, accepted, groups, nearest);
      Neighbors found = search(index, query, kind.effort(), accepted, groups, nearest);
      assertThat(truth.size()).isEqualTo(60);
      assertThat(found.size()).isEqualTo(60);
      common +=
          (int)
              IntStream.of(found.ordinals())
                  .filter(row -> IntStream.of(truth.ordinals()).anyMatch(one -> one == row))
                  .count();
    }
    assertThat((double) common / (60 * queries.size())).isGreaterThan(0.85);
  }

  private static Neighbors search(
      VectorIndex index,
      float[] query,
      SearchParams params,
      AcceptedRows accepted,
      RowGroups groups,
      NearestGroups nearest) {
    NearestGroups.Scope scope =
        new NearestGroups.Scope(
            rows -> index.cursor(query, params, rows), accepted, index.count(), Metric.L2);
    return nearest.search(scope, groups, Float.NaN);
  }

  /// As few rows are looked at as it takes.
  @Test
  void fewRowsArePulledWhenGroupsAreNearAndNoneWhenThereAreNoMore() {
    List<Integer> pulled = new ArrayList<>();
    DenseVectors vectors = DenseVectors.of(TestVectors.whole(10_000, 2, 100, 1), 2);
    VectorIndex index = new FlatIndex(vectors, Metric.L2);
    NearestGroups.Opening opening =
        rows -> {
          NeighborCursor cursor = index.cursor(new float[2], EXACT, rows);
          return n -> {
            Neighbors next = cursor.next(n);
            pulled.add(next.size());
            return next;
          };
        };
    NearestGroups.Scope scope =
        new NearestGroups.Scope(opening, AcceptedRows.ALL, 10_000, Metric.L2);

    new NearestGroups(10, 1, Extent.FULL).search(scope, row -> row % 1000, Float.NaN);
    assertThat(pulled.stream().mapToInt(Integer::intValue).sum()).isLessThan(200);

    pulled.clear();
    Neighbors three =
        new NearestGroups(10, 1, Extent.FULL).search(scope, row -> row % 3, Float.NaN);
    assertThat(three.size()).isEqualTo(3);
    assertThat(pulled.stream().mapToInt(Integer::intValue).sum()).isLessThan(2000);
  }
}
