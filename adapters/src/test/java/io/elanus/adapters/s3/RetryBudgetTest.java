package io.elanus.adapters.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.run.Task;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Storms of minutes, in virtual time.
class RetryBudgetTest {
  private static final int CALLERS = 64;
  private static final Duration STORM = Duration.ofMinutes(5);
  private static final Duration LATENCY = Duration.ofSeconds(2);

  private int requests;
  private int tries;
  private int failed;

  /// R15: 30 % refused and 2 s of latency for 5 minutes.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aStormThatRefusesThreeOfTenFailsNothingBelowOneAndAHalfTries(long seed) {
    storm(seed, 0.3);

    assertThat(failed).isZero();
    assertThat(requests).isGreaterThan(4_000);
    assertThat((double) tries / requests).isBetween(1.4, 1.5);
  }

  /// What everybody is refused is asked for at most half as often again, and ten times a second.
  @ParameterizedTest
  @ValueSource(doubles = {0.6, 0.9, 1})
  void aWorseStormIsNotMadeWorse(double refused) {
    storm(4, refused);

    double bound =
        (1 + RetryBudget.EARNED_PER_REQUEST) * requests
            + RetryBudget.MAX_TOKENS
            + RetryBudget.EARNED_PER_SECOND * (STORM.toSeconds() + 60);
    assertThat(tries).isLessThanOrEqualTo((int) bound);
  }

  private void storm(long seed, double refused) {
    SimulatedRun world = new SimulatedRun(seed);
    SplittableRandom chance = new SplittableRandom(seed);
    S3Calls calls = new S3Calls(world, S3Limits.DEFAULT, new S3Metrics(new SimpleMeterRegistry()));
    world.run(
        () -> {
          Deadline end = Deadline.after(world, STORM);
          List<Task> callers = new ArrayList<>();
          for (int i = 0; i < CALLERS; i++) {
            callers.add(
                world.fork("caller " + i, () -> callUntil(end, world, calls, chance, refused)));
          }
          callers.forEach(Task::awaitEnd);
        },
        Duration.ofHours(1));
  }

  private void callUntil(
      Deadline end, SimulatedRun world, S3Calls calls, SplittableRandom chance, double refused) {
    while (!end.hasPassed(world)) {
      requests++;
      try {
        calls.call(
            S3Action.GET,
            "s3://bucket/key",
            _ -> {
              tries++;
              world.sleep(LATENCY);
              if (chance.nextDouble() < refused) {
                throw S3Exception.builder().statusCode(503).message("slow down").build();
              }
              return true;
            });
      } catch (DbException e) {
        failed++;
      }
    }
  }

  @Test
  void afterAnOutageAllWhoWaitedGoOnSoon() {
    SimulatedRun world = new SimulatedRun(5);
    S3Calls calls = new S3Calls(world, S3Limits.DEFAULT, new S3Metrics(new SimpleMeterRegistry()));
    boolean[] out = {true};
    long[] took = {0};
    world.run(
        () -> {
          List<Task> callers = new ArrayList<>();
          for (int i = 0; i < CALLERS; i++) {
            callers.add(
                world.fork(
                    "caller " + i,
                    () ->
                        calls.call(
                            S3Action.GET,
                            "s3://bucket/key",
                            _ -> {
                              world.sleep(Duration.ofMillis(20));
                              if (out[0]) {
                                throw S3Exception.builder().statusCode(503).message("out").build();
                              }
                              return true;
                            })));
          }
          world.sleep(Duration.ofSeconds(8));
          out[0] = false;
          long back = world.nanoTime();
          callers.forEach(Task::awaitEnd);
          took[0] = world.nanoTime() - back;
        },
        Duration.ofHours(1));

    assertThat(world.taskFailures()).isEmpty();
    assertThat(Duration.ofNanos(took[0])).isLessThan(Duration.ofSeconds(15));
  }
}
