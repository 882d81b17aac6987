package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Row `i` has the distance `i` exactly, and by codes `i` and an error.
class RefinementTest {
  private static final int COUNT = 200;
  private static final RowsAhead AHEAD = new RowsAhead(DenseVectors.of(new float[COUNT], 1));

  private final AtomicInteger scored = new AtomicInteger();

  private Neighbors nearest(int k, float error, Metric metric, long limit) {
    int[] rows = IntStream.range(0, COUNT).toArray();
    float[] scores = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      scores[i] = metric.score(i + (i % 2 == 0 ? error : -error) / 2);
    }
    Scorer exact =
        (ordinals, count, out) -> {
          scored.addAndGet(count);
          for (int i = 0; i < count; i++) {
            out[i] = ordinals[i];
          }
        };
    Refinement refinement = new Refinement(exact, AHEAD, new Neighbors(rows, scores), metric);
    NearestRows nearest = new NearestRows(k);
    while (refinement.mayBeBelow(Math.min(limit, nearest.limit()))) {
      refinement.score(nearest);
    }
    return nearest.nearest(k, metric);
  }

  @ParameterizedTest
  @EnumSource
  void endsWhereNoneIsToBeExpected(Metric metric) {
    Neighbors found = nearest(10, 1, metric, Long.MAX_VALUE);
    assertThat(found.ordinals()).containsExactly(IntStream.range(0, 10).toArray());
    assertThat(scored.get()).isEqualTo(16);
  }

  @Test
  void goesOnTheFartherTheLargerTheErrorsAre() {
    nearest(10, 40, Metric.L2, Long.MAX_VALUE);
    assertThat(scored.get()).isBetween(32, 80);
  }

  @Test
  void allIsScoredWhileThereAreTooFew() {
    assertThat(nearest(150, 1, Metric.L2, Long.MAX_VALUE).size()).isEqualTo(150);
    assertThat(scored.get()).isBetween(150, 176);
  }

  @Test
  void aLimitEndsItEarlier() {
    Neighbors found = nearest(100, 1, Metric.L2, NearKey.of(20, 0));
    assertThat(found.size()).isEqualTo(32);
    assertThat(scored.get()).isEqualTo(32);
  }

  @Test
  void ofNothingThereIsNothing() {
    Refinement refinement = new Refinement((_, _, _) -> {}, AHEAD, Neighbors.NONE, Metric.L2);
    assertThat(refinement.mayBeBelow(Long.MAX_VALUE)).isFalse();
  }
}
