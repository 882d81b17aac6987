package io.elanus.adapters.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarrierRunTest {
  /// The ends that barriers at these offsets prove, one after the other.
  private static List<Long> ends(long... barriers) {
    BarrierRun run = BarrierRun.NONE;
    List<Long> ends = new ArrayList<>();
    for (long barrier : barriers) {
      run = run.with(barrier);
      ends.add(run.provenBy(barrier));
    }
    return ends;
  }

  @Test
  void theFirstBarrierIsTheEnd() {
    assertThat(ends(7)).containsExactly(7L);
    assertThat(ends(0)).containsExactly(0L);
  }

  @Test
  void barriersThatAdjoinProveOneEnd() {
    assertThat(ends(7, 8, 9, 10)).containsExactly(7L, 7L, 7L, 7L);
  }

  @Test
  void anythingBetweenMakesANewEnd() {
    assertThat(ends(7, 8, 10, 11, 20)).containsExactly(7L, 7L, 10L, 10L, 20L);
  }

  @Test
  void barriersAcknowledgedInAnotherOrderAreEndsByThemselves() {
    assertThat(ends(7, 9, 8, 10)).containsExactly(7L, 9L, 8L, 9L);
  }
}
