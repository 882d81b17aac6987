package io.elanus.common.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.time.Duration;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// The two kinds of [Run], for tests that hold under both.
enum Runs {
  SYSTEM {
    @Override
    void inRun(Consumer<Run> body) {
      body.accept(new SystemRun());
    }
  },
  SIMULATED {
    @Override
    void inRun(Consumer<Run> body) {
      for (int seed = 0; seed < SEEDS; seed++) {
        SimulatedRun run = new SimulatedRun(seed);
        run.run(() -> body.accept(run), Duration.ofHours(1));
      }
    }
  };

  private static final int SEEDS = 100;

  /// Runs `body` on a thread of a run: once, or for many seeds.
  abstract void inRun(Consumer<Run> body);

  static Deadline in(Run run, long millis) {
    return Deadline.after(run, Duration.ofMillis(millis));
  }

  static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(DbException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
