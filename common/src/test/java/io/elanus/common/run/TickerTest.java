package io.elanus.common.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TickerTest {
  @ParameterizedTest
  @EnumSource
  void ticksAndIsWoken(Runs runs) {
    runs.inRun(run -> {
      Gate gate = run.gate();
      int[] ticks = {0};
      Runnable tick = () -> gate.change(() -> ticks[0]++);
      try (Ticker often = Ticker.start(run, "often", Duration.ofMillis(5), tick)) {
        gate.await(() -> ticks[0] >= 4, Deadline.NEVER);
      }
      gate.change(() -> ticks[0] = 0);
      try (Ticker seldom = Ticker.start(run, "seldom", Duration.ofDays(1), tick)) {
        assertThat(gate.await(() -> ticks[0] == 1, Runs.in(run, 5_000))).isTrue();
        seldom.wake();
        assertThat(gate.await(() -> ticks[0] == 2, Runs.in(run, 5_000))).isTrue();
      }
      assertThat(gate.await(() -> ticks[0] > 2, Runs.in(run, 20))).isFalse();
    });
  }

  @ParameterizedTest
  @EnumSource
  void theEarliestMomentThatWasSetCounts(Runs runs) {
    runs.inRun(run -> {
      Gate gate = run.gate();
      int[] ticks = {0};
      Runnable tick = () -> gate.change(() -> ticks[0]++);
      try (Ticker seldom = Ticker.start(run, "seldom", Duration.ofDays(1), tick)) {
        gate.await(() -> ticks[0] == 1, Deadline.NEVER);
        seldom.wakeAt(Runs.in(run, 60_000));
        seldom.wakeAt(Runs.in(run, 30));
        assertThat(gate.await(() -> ticks[0] == 2, Runs.in(run, 5_000))).isTrue();
        assertThat(gate.await(() -> ticks[0] == 3, Runs.in(run, 100))).isFalse();
        seldom.wakeAt(Runs.in(run, 30));
        assertThat(gate.await(() -> ticks[0] == 3, Runs.in(run, 5_000))).isTrue();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void goesOnAfterFailures(Runs runs) {
    runs.inRun(run -> {
      Gate gate = run.gate();
      int[] ticks = {0};
      Runnable tick =
          () -> {
            if (gate.change(() -> ++ticks[0]) < 3) {
              throw new DbException(ErrorCode.SERVICE_UNAVAILABLE, "planted");
            }
          };
      try (Ticker _ = Ticker.start(run, "failing", Duration.ofMillis(10), tick)) {
        assertThat(gate.await(() -> ticks[0] >= 5, Runs.in(run, 10_000))).isTrue();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void closingCancelsTheAction(Runs runs) {
    runs.inRun(run -> {
      boolean[] began = {false};
      Gate gate = run.gate();
      Ticker ticker =
          Ticker.start(
              run,
              "stuck",
              Duration.ofMillis(1),
              () -> {
                gate.change(() -> began[0] = true);
                gate.await(() -> false, Deadline.NEVER);
              });
      gate.await(() -> began[0], Deadline.NEVER);

      ticker.close();
    });
  }
}
