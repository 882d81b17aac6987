package io.elanus.common.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SimulatedRunTest extends RunContract {
  private static final Duration LONG = Duration.ofHours(1);

  private final List<String> events = new ArrayList<>();

  @Override
  void inRun(Consumer<Run> body) {
    Runs.SIMULATED.inRun(body);
  }

  @Test
  void aSeedTakesTheSameWayAgain() {
    Set<Long> hashes = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      long hash = toyHash(seed);
      assertThat(toyHash(seed)).isEqualTo(hash);
      hashes.add(hash);
    }
    assertThat(hashes).hasSize(50);
  }

  @Test
  void theKindOfThreadMakesNoDifference() {
    SimulatedRun run = new SimulatedRun(17, Thread.ofPlatform().daemon().factory());
    ToyWorkload.run(run, 50);

    assertThat(run.traceHash()).isEqualTo(toyHash(17));
  }

  private static long toyHash(long seed) {
    SimulatedRun run = new SimulatedRun(seed);
    ToyWorkload.run(run, 50);
    return run.traceHash();
  }

  @Test
  void virtualTimePassesOnlyWhenNobodyCanRun() {
    SimulatedRun run = new SimulatedRun(1);
    long start = System.nanoTime();

    run.run(
        () -> {
          long before = run.nanoTime();
          long wallBefore = run.wallMillis();
          run.sleep(Duration.ofDays(1));
          run.step();
          assertThat(run.nanoTime() - before).isEqualTo(Duration.ofDays(1).toNanos());
          assertThat(run.wallMillis() - wallBefore).isEqualTo(Duration.ofDays(1).toMillis());
        },
        Duration.ofDays(2));

    assertThat(System.nanoTime() - start).isLessThan(Duration.ofMinutes(1).toNanos());
  }

  @Test
  void aDeadlockNamesWhoWaitsForWhat() {
    SimulatedRun run = new SimulatedRun(42);
    SimulatedProcess node = run.process("node");
    Runnable main =
        () -> {
          Task stuck = node.fork("stuck", () -> waitForNothing(node));
          stuck.join(Deadline.NEVER);
        };

    assertThatThrownBy(() -> run.run(main, LONG))
        .isInstanceOf(SimulationFailed.class)
        .hasMessageContaining("seed 42")
        .hasMessageContaining("deadlock")
        .hasMessageContaining("world/main waits for end of node/stuck")
        .hasMessageContaining("node/stuck waits for a gate")
        .hasMessageContaining("waitForNothing");
  }

  private static void waitForNothing(Run run) {
    run.gate().await(() -> false, Deadline.NEVER);
  }

  @Test
  void virtualTimeHasALimit() {
    SimulatedRun run = new SimulatedRun(1);
    run.fork("background", () -> forever(() -> run.sleep(Duration.ofSeconds(1))));

    assertThatThrownBy(() -> run.run(() -> run.gate().await(() -> false, Deadline.NEVER), LONG))
        .isInstanceOf(SimulationFailed.class)
        .hasMessageContaining("not done within");
  }

  @Test
  void goingInCirclesIsFound() {
    SimulatedRun run = new SimulatedRun(1);

    assertThatThrownBy(() -> run.run(() -> forever(run::step), LONG))
        .isInstanceOf(SimulationFailed.class)
        .hasMessageContaining("time stands still");
  }

  @Test
  void aFailureOfMainNamesTheSeed() {
    SimulatedRun run = new SimulatedRun(7);

    assertThatThrownBy(() -> run.run(() -> assertThat(1).isEqualTo(2), LONG))
        .isInstanceOf(SimulationFailed.class)
        .hasMessageContaining("seed 7")
        .hasCauseInstanceOf(AssertionError.class);
  }

  @Test
  void failuresOfOtherTasksAreKept() {
    SimulatedRun run = new SimulatedRun(7);
    Runnable failing =
        () -> {
          throw new IllegalStateException("planted");
        };

    run.run(() -> run.fork("failing", failing).awaitEnd(), LONG);

    assertThat(run.taskFailures()).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theDeadHaveNoEffect() {
    for (int seed = 0; seed < 100; seed++) {
      SimulatedRun run = new SimulatedRun(seed);
      SimulatedProcess node = run.process("node");
      Gate shared = run.gate();
      int[] effects = {0};
      Runnable effect = () -> shared.change(() -> effects[0]++);
      for (int i = 0; i < 5; i++) {
        node.fork("worker", () -> effectsEvenWhenItEnds(node, effect));
      }

      run.run(
          () -> {
            run.sleep(Duration.ofMillis(10));
            run.kill(node);
            int before = effects[0];
            assertThat(before).isPositive();
            run.sleep(Duration.ofMinutes(1));
            assertThat(effects[0]).isEqualTo(before);
            assertThat(node.isAlive()).isFalse();
          },
          LONG);
    }
  }

  private static void effectsEvenWhenItEnds(Run run, Runnable effect) {
    try {
      forever(() -> {
        effect.run();
        run.sleep(Duration.ofMillis(1));
      });
    } finally {
      try {
        effect.run();
      } finally {
        run.fork("from the grave", effect);
      }
    }
  }

  @Test
  void aProcessMayKillItself() {
    SimulatedRun run = new SimulatedRun(3);
    SimulatedProcess node = run.process("node");

    run.run(
        () -> {
          Task other = node.fork("other", () -> node.sleep(LONG));
          Task killer =
              node.fork(
                  "killer",
                  () -> {
                    run.kill(node);
                    events.add("survived");
                  });
          killer.awaitEnd();
          assertThat(other.isDone()).isTrue();
          assertThat(killer.failure()).get().isInstanceOf(Killed.class);
        },
        LONG);

    assertThat(events).isEmpty();
    assertThat(run.taskFailures()).isEmpty();
  }

  @Test
  void whoSwallowsItsDeathIsFound() {
    SimulatedRun run = new SimulatedRun(3);
    run.fork("zombie", () -> forever(() -> swallow(() -> run.sleep(Duration.ofSeconds(1)))));

    assertThatThrownBy(() -> run.run(() -> run.sleep(Duration.ofSeconds(3)), LONG))
        .isInstanceOf(SimulationFailed.class)
        .hasMessageContaining("zombie' swallows Killed");
  }

  private static void swallow(Runnable body) {
    try {
      body.run();
    } catch (Killed e) {
      LockSupport.parkNanos(0);
    }
  }

  @Test
  void aPausedProcessRunsLater() {
    for (int seed = 0; seed < 100; seed++) {
      List<Long> ticks = new ArrayList<>();
      SimulatedRun run = new SimulatedRun(seed);
      SimulatedProcess node = run.process("node");
      node.fork(
          "ticks",
          () ->
              forever(() -> {
                ticks.add(node.nanoTime());
                node.sleep(Duration.ofSeconds(1));
              }));

      run.run(
          () -> {
            run.sleep(Duration.ofMillis(2500));
            run.pause(node, Duration.ofSeconds(10));
            run.sleep(Duration.ofMillis(11_200));
          },
          LONG);

      assertThat(ticks.stream().map(nanos -> nanos / 1_000_000))
          .containsExactly(0L, 1000L, 2000L, 12_500L, 13_500L);
    }
  }

  @Test
  void aProcessMayPauseItself() {
    SimulatedRun run = new SimulatedRun(5);
    SimulatedProcess node = run.process("node");
    Runnable pausing =
        () -> {
          run.pause(node, Duration.ofSeconds(3));
          events.add("at " + node.nanoTime());
        };

    run.run(() -> node.fork("pausing", pausing).awaitEnd(), LONG);

    assertThat(events).containsExactly("at 3000000000");
  }

  @Test
  void processesHaveClocksOfTheirOwn() {
    SimulatedRun run = new SimulatedRun(5);
    Duration skew = Duration.ofMinutes(-5);
    SimulatedProcess node = run.process("node", new SimulatedClock(skew, 1.5, Duration.ofHours(3)));

    run.run(
        () -> {
          assertThat(node.wallMillis() - run.wallMillis()).isEqualTo(skew.toMillis());
          assertThat(node.nanoTime() - run.nanoTime()).isEqualTo(Duration.ofHours(3).toNanos());

          Deadline deadline = Deadline.after(node, Duration.ofSeconds(3));
          node.fork("waits", () -> node.gate().await(() -> false, deadline)).awaitEnd();

          assertThat(deadline.hasPassed(node)).isTrue();
          assertThat(run.nanoTime()).isEqualTo(Duration.ofSeconds(2).toNanos());
          node.shiftWall(Duration.ofMinutes(5));
          assertThat(node.wallMillis() - run.wallMillis()).isEqualTo(1000);
        },
        LONG);
  }

  @Test
  void waitingInsideAGateIsRefused() {
    SimulatedRun run = new SimulatedRun(5);
    Gate outer = run.gate();
    Gate inner = run.gate();

    run.run(
        () -> {
          assertThatThrownBy(() -> outer.change(() -> run.sleep(Duration.ofMillis(1))))
              .hasMessageContaining("inside a gate");
          assertThatThrownBy(() -> outer.change(() -> inner.change(() -> {})))
              .hasMessageContaining("inside another gate");
        },
        LONG);
  }

  @Test
  void threadsFromElsewhereAreRefused() throws InterruptedException {
    SimulatedRun run = new SimulatedRun(5);
    List<Throwable> refusals = new ArrayList<>();
    Thread stranger = new Thread(() -> run.sleep(Duration.ofMillis(1)), "stranger");
    stranger.setUncaughtExceptionHandler((_, e) -> refusals.add(e));

    run.run(
        () -> {
          stranger.start();
          while (stranger.isAlive()) {
            Thread.onSpinWait();
          }
        },
        LONG);

    assertThat(refusals).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void noThreadIsLeftBehind() throws InterruptedException {
    SimulatedRun run = new SimulatedRun(5);
    List<Thread> threads = new ArrayList<>();

    run.run(
        () -> {
          for (int i = 0; i < 20; i++) {
            run.fork(
                "left",
                () -> {
                  threads.add(Thread.currentThread());
                  run.sleep(Duration.ofDays(1));
                });
          }
          run.sleep(Duration.ofMillis(1));
        },
        LONG);

    assertThat(threads).hasSize(20);
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  private static void forever(Runnable body) {
    while (true) {
      body.run();
    }
  }
}
