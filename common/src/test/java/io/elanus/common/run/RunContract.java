package io.elanus.common.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What both implementations of [Run] promise, and the shapes built on them under both.
abstract class RunContract {
  /// Runs `body` on a thread of the run, for as many seeds as there are.
  abstract void inRun(Consumer<Run> body);

  static Deadline in(Run run, long millis) {
    return Deadline.after(run, Duration.ofMillis(millis));
  }

  static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(DbException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void sleepTakesItsTime() {
    inRun(run -> {
      long before = run.nanoTime();

      run.sleep(Duration.ofMillis(20));

      assertThat(run.nanoTime() - before).isGreaterThanOrEqualTo(20_000_000L);
    });
  }

  @Test
  void aWaiterSeesWhatAnotherThreadChanges() {
    inRun(run -> {
      Gate gate = run.gate();
      AtomicInteger value = new AtomicInteger();
      run.fork("setter", () -> gate.change(value::incrementAndGet));

      assertThat(gate.await(() -> value.get() == 1, Deadline.NEVER)).isTrue();
    });
  }

  @Test
  void aConditionMayTakeWhatItWaitedFor() {
    inRun(run -> {
      Gate gate = run.gate();
      List<Integer> queue = new ArrayList<>(List.of(1, 2, 3));
      List<Integer> taken = new ArrayList<>();
      List<Task> takers = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        takers.add(
            run.fork(
                "taker",
                () ->
                    gate.await(
                        () -> !queue.isEmpty() && taken.add(queue.removeFirst()), Deadline.NEVER)));
      }
      gate.change(() -> queue.addAll(List.of(4, 5)));
      takers.forEach(Task::awaitEnd);

      assertThat(gate.read(() -> taken)).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
    });
  }

  @Test
  void aWaitEndsAtItsDeadline() {
    inRun(run -> {
      Deadline deadline = in(run, 10);

      assertThat(run.gate().await(() -> false, deadline)).isFalse();
      assertThat(deadline.hasPassed(run)).isTrue();
      assertThat(run.gate().await(() -> true, deadline)).isTrue();
    });
  }

  @Test
  void changesExcludeEachOther() {
    inRun(run -> {
      Gate gate = run.gate();
      int[] counter = {0};
      List<Task> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        tasks.add(
            run.fork(
                "adder",
                () -> {
                  for (int n = 0; n < 25; n++) {
                    gate.change(() -> counter[0]++);
                  }
                }));
      }
      tasks.forEach(Task::awaitEnd);

      assertThat(gate.read(() -> counter[0])).isEqualTo(200);
    });
  }

  @Test
  void joinReportsEndAndFailure() {
    inRun(run -> {
      Gate gate = run.gate();
      boolean[] open = {false};
      Task task =
          run.fork(
              "waits",
              () -> {
                gate.await(() -> open[0], Deadline.NEVER);
                throw new DbException(ErrorCode.CORRUPT, "planted");
              });

      assertThat(task.name()).isEqualTo("waits");
      assertThat(task.join(in(run, 5))).isFalse();
      assertThat(task.isDone()).isFalse();

      gate.change(() -> open[0] = true);

      assertThat(task.join(Deadline.NEVER)).isTrue();
      assertThat(task.isDone()).isTrue();
      assertThat(task.failure()).get().isInstanceOf(DbException.class);
    });
  }

  @Test
  void aCanceledTaskFailsInThisWaitAndTheNext() {
    inRun(run -> {
      Gate gate = run.gate();
      List<ErrorCode> codes = new ArrayList<>();
      Consumer<Runnable> noting =
          wait -> {
            try {
              wait.run();
            } catch (DbException e) {
              codes.add(e.code());
            }
          };
      Task other = run.fork("other", () -> run.sleep(Duration.ofMillis(30)));
      Task task =
          run.fork(
              "canceled",
              () -> {
                noting.accept(() -> gate.await(() -> false, Deadline.NEVER));
                noting.accept(() -> gate.await(() -> true, Deadline.NEVER));
                noting.accept(() -> run.sleep(Duration.ofMillis(1)));
                noting.accept(() -> other.join(Deadline.NEVER));
                gate.change(() -> {});
                other.awaitEnd();
              });
      run.sleep(Duration.ofMillis(5));

      task.cancel();
      task.awaitEnd();

      assertThat(task.failure()).isEmpty();
      assertThat(other.isDone()).isTrue();
      assertThat(codes).hasSize(4).containsOnly(ErrorCode.CANCELED);
    });
  }

  @Test
  void aTaskMayNotWaitForItself() {
    inRun(run -> {
      AtomicReference<Task> self = new AtomicReference<>();
      Gate gate = run.gate();
      Task task =
          run.fork(
              "self",
              () -> {
                gate.await(() -> self.get() != null, Deadline.NEVER);
                assertThatThrownBy(() -> self.get().awaitEnd())
                    .isInstanceOf(IllegalStateException.class);
              });
      gate.change(() -> self.set(task));
      task.awaitEnd();

      assertThat(task.failure()).isEmpty();
    });
  }

  @Test
  void fanOutKeepsOrder() {
    inRun(run -> {
      List<Integer> items = List.of(5, 1, 4, 2, 3);

      List<Integer> doubled =
          new FanOut(run)
              .all(
                  items,
                  Deadline.NEVER,
                  i -> {
                    run.sleep(Duration.ofMillis(i));
                    return 2 * i;
                  });

      assertThat(doubled).containsExactly(10, 2, 8, 4, 6);
      assertThat(new FanOut(run).all(List.of(), Deadline.NEVER, i -> i)).isEmpty();
      assertThat(new FanOut(run).all(List.of(7), Deadline.NEVER, i -> i)).containsExactly(7);
    });
  }

  @Test
  void fanOutBoundsItsThreads() {
    inRun(run -> {
      AtomicInteger running = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();

      new FanOut(run)
          .atMost(2)
          .each(
              List.of(1, 2, 3, 4, 5, 6),
              Deadline.NEVER,
              i -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                run.sleep(Duration.ofMillis(1));
                running.decrementAndGet();
              });

      assertThat(most.get()).isBetween(1, 2);
    });
  }

  @Test
  void fanOutCancelsTheRestAtTheFirstError() {
    inRun(run -> {
      AtomicInteger ended = new AtomicInteger();

      assertFails(
          ErrorCode.CORRUPT,
          () ->
              new FanOut(run)
                  .all(
                      List.of(1, 2, 3),
                      Deadline.NEVER,
                      i -> {
                        if (i == 2) {
                          throw new DbException(ErrorCode.CORRUPT, "planted");
                        }
                        try {
                          run.gate().await(() -> false, Deadline.NEVER);
                        } finally {
                          ended.incrementAndGet();
                        }
                        return i;
                      }));
      assertThat(ended.get()).as("no thread is left behind").isLessThanOrEqualTo(2);
    });
  }

  @Test
  void fanOutTimesOut() {
    inRun(run ->
        assertFails(
            ErrorCode.TIMEOUT,
            () ->
                new FanOut(run)
                    .all(
                        List.of(1, 2),
                        in(run, 10),
                        i -> run.gate().await(() -> i == 1, Deadline.NEVER))));
  }

  @Test
  void fanOutCarriesContext() {
    ScopedValue<String> user = ScopedValue.newInstance();
    inRun(run -> {
      TaskDecorator decorator =
          body -> {
            String name = user.get();
            return () -> ScopedValue.where(user, name).run(body);
          };
      List<String> seen = new ArrayList<>();

      ScopedValue.where(user, "ann")
          .run(() ->
              seen.addAll(
                  new FanOut(run, decorator, 8)
                      .all(List.of(1, 2), Deadline.NEVER, _ -> user.get())));

      assertThat(seen).containsExactly("ann", "ann");
    });
  }

  @Test
  void tickerTicksAndIsWoken() {
    inRun(run -> {
      Gate gate = run.gate();
      int[] ticks = {0};
      Runnable tick = () -> gate.change(() -> ticks[0]++);
      try (Ticker often = Ticker.start(run, "often", Duration.ofMillis(5), tick)) {
        gate.await(() -> ticks[0] >= 4, Deadline.NEVER);
      }
      gate.change(() -> ticks[0] = 0);
      try (Ticker seldom = Ticker.start(run, "seldom", Duration.ofDays(1), tick)) {
        assertThat(gate.await(() -> ticks[0] == 1, in(run, 5_000))).isTrue();
        seldom.wake();
        assertThat(gate.await(() -> ticks[0] == 2, in(run, 5_000))).isTrue();
      }
      assertThat(gate.await(() -> ticks[0] > 2, in(run, 20))).isFalse();
    });
  }

  @Test
  void tickerGoesOnAfterFailures() {
    inRun(run -> {
      Gate gate = run.gate();
      int[] ticks = {0};
      Runnable tick =
          () -> {
            if (gate.change(() -> ++ticks[0]) < 3) {
              throw new DbException(ErrorCode.SERVICE_UNAVAILABLE, "planted");
            }
          };
      try (Ticker _ = Ticker.start(run, "failing", Duration.ofMillis(10), tick)) {
        assertThat(gate.await(() -> ticks[0] >= 5, in(run, 10_000))).isTrue();
      }
    });
  }

  @Test
  void closingATickerCancelsItsAction() {
    inRun(run -> {
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
