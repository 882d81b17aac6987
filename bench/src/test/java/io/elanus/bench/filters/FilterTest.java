package io.elanus.bench.filters;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.AcceptedRows;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FilterTest {
  private static final int[] SHUFFLED = {3, 0, 4, 1, 2};
  private static final List<int[]> BY_DISTANCE =
      List.of(new int[] {0, 1, 2, 3, 4}, new int[] {4, 3, 2, 1, 0});

  @Test
  void randomRowsAreTheSameForAllQueries() {
    Filter filter = Filter.of(Filter.Kind.RANDOM, 0.4, SHUFFLED, BY_DISTANCE);

    assertThat(accepted(filter.of(0))).containsExactly(0, 3);
    assertThat(accepted(filter.of(1))).containsExactly(0, 3);
  }

  @Test
  void rowsNearAndFarAreThoseOfTheQuerysAnchor() {
    Filter near = Filter.of(Filter.Kind.NEAR, 0.4, SHUFFLED, BY_DISTANCE);
    Filter far = Filter.of(Filter.Kind.FAR, 0.5, SHUFFLED, BY_DISTANCE);

    assertThat(accepted(near.of(0))).containsExactly(0, 1);
    assertThat(accepted(near.of(1))).containsExactly(3, 4);
    assertThat(accepted(far.of(0))).containsExactly(2, 3, 4);
    assertThat(accepted(far.of(1))).containsExactly(0, 1, 2);
  }

  private static int[] accepted(AcceptedRows rows) {
    return IntStream.range(0, SHUFFLED.length).filter(rows::accepts).toArray();
  }
}
