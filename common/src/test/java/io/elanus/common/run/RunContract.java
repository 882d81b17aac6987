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
import org.junit.jupiter.api.Test;

/// What both implementations of [Run] promise.
abstract class RunContract {
  /// Runs `body` on a thread of the run, for as many seeds as there are.
  abstract void inRun(Consumer<Run> body);

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
      Deadline deadline = Runs.in(run, 10);

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
      assertThat(task.join(Runs.in(run, 5))).isFalse();
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
}
