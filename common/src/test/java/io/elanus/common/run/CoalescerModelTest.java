package io.elanus.common.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// The end of a log is asked for by many readers through a coalescer while others append: whoever
/// asks must see every append that was done before it asked, and waits for two calls at most.
///
/// The same readers then use coalescers with planted mistakes, which must be noticed.
class CoalescerModelTest {
  private static final int SEEDS = 500;
  private static final int READERS = 6;
  private static final int READS = 5;
  private static final int APPENDS = 40;
  private static final int MAX_PAUSE_NANOS = 3;

  /// A coalescer to test: asks for the end of the log by `call`, one call at a time.
  private interface Subject {
    Supplier<Integer> on(Run run, Supplier<Integer> call);
  }

  @Test
  void noReaderSeesAnOlderEnd() {
    for (long seed = 0; seed < SEEDS; seed++) {
      read(seed, CoalescerModelTest::coalescer);
    }
  }

  @Test
  void joiningTheCallInFlightIsNoticed() {
    assertThatThrownBy(() -> readAll((run, call) -> new JoinsFlight(run, call)::join))
        .hasStackTraceContaining("older than its reader");
  }

  @Test
  void aLostWaiterIsNoticed() {
    assertThatThrownBy(() -> readAll((run, call) -> new LosesWaiters(run, call)::join))
        .hasStackTraceContaining("waited longer than for two calls");
  }

  @Test
  void twoCallsAtOnceAreNoticed() {
    assertThatThrownBy(() -> readAll((_, call) -> call)).hasStackTraceContaining("calls in flight");
  }

  private static Supplier<Integer> coalescer(Run run, Supplier<Integer> call) {
    Coalescer<Integer, Integer> coalescer = Coalescer.shared(run, "end", _ -> call.get());
    return () -> coalescer.join(0, Deadline.NEVER);
  }

  private static void readAll(Subject subject) {
    for (long seed = 0; seed < SEEDS; seed++) {
      read(seed, subject);
    }
  }

  private static void read(long seed, Subject subject) {
    SimulatedRun run = new SimulatedRun(seed);
    run.run(() -> new Log(run, subject).readWhileAppending(), Duration.ofDays(1));
  }

  /// What the model knows: how many appends are done.
  private static final class Log {
    private final Run run;
    private final Supplier<Integer> end;
    private int appended;
    private int inFlight;

    Log(Run run, Subject subject) {
      this.run = run;
      this.end = subject.on(run, this::loadEnd);
    }

    void readWhileAppending() {
      List<Task> tasks = new ArrayList<>();
      tasks.add(run.fork("append", this::append));
      for (int i = 0; i < READERS; i++) {
        tasks.add(run.fork("reader-" + i, this::read));
      }
      tasks.forEach(Task::awaitEnd);
      tasks.forEach(task -> assertThat(task.failure()).isEmpty());
    }

    private void append() {
      for (int i = 0; i < APPENDS; i++) {
        pause(MAX_PAUSE_NANOS);
        appended++;
      }
    }

    private void read() {
      for (int i = 0; i < READS; i++) {
        pause(MAX_PAUSE_NANOS * (i % 2 == 0 ? 1 : 20));
        int arrived = appended;
        long arrivedAt = run.nanoTime();
        assertThat(end.get()).as("older than its reader").isGreaterThanOrEqualTo(arrived);
        assertThat(run.nanoTime() - arrivedAt)
            .as("waited longer than for two calls")
            .isLessThanOrEqualTo(4 * MAX_PAUSE_NANOS);
      }
    }

    /// The remote call: what it answers is true at some instant between sending and receiving.
    private Integer loadEnd() {
      assertThat(++inFlight).as("calls in flight").isOne();
      pause(MAX_PAUSE_NANOS);
      int seen = appended;
      pause(MAX_PAUSE_NANOS);
      inFlight--;
      return seen;
    }

    private void pause(int maxNanos) {
      run.sleep(Duration.ofNanos(run.random().nextInt(1 + maxNanos)));
    }
  }

  /// Planted: who arrives while a call is in flight takes its result.
  private static final class JoinsFlight {
    private final Run run;
    private final Supplier<Integer> call;
    private final Gate gate;
    private Promise<Integer> flight;
    private boolean flying;

    JoinsFlight(Run run, Supplier<Integer> call) {
      this.run = run;
      this.call = call;
      this.gate = run.gate();
      this.flight = new Promise<>(run);
    }

    int join() {
      Promise<Integer> next = new Promise<>(run);
      boolean leads = gate.change(() -> lead(next));
      if (leads) {
        int end = call.get();
        gate.change(() -> flying = false);
        next.complete(Outcome.done(end));
        return end;
      }
      return gate.read(() -> flight).await(Deadline.NEVER).orElseThrow().orThrow();
    }

    private boolean lead(Promise<Integer> next) {
      if (flying) {
        return false;
      }
      flying = true;
      flight = next;
      return true;
    }
  }

  /// Planted: between finding nobody waiting and ceasing to fly, somebody may arrive.
  private static final class LosesWaiters {
    private final Run run;
    private final Supplier<Integer> call;
    private final Gate gate;
    private List<Promise<Integer>> waiting = new ArrayList<>();
    private boolean flying;

    LosesWaiters(Run run, Supplier<Integer> call) {
      this.run = run;
      this.call = call;
      this.gate = run.gate();
    }

    int join() {
      Promise<Integer> promise = new Promise<>(run);
      boolean grounded =
          gate.change(() -> {
            waiting.add(promise);
            boolean first = !flying;
            flying = true;
            return first;
          });
      if (grounded) {
        run.fork("fly", this::fly);
      }
      return promise.await(Deadline.NEVER).orElseThrow().orThrow();
    }

    private void fly() {
      while (gate.read(() -> !waiting.isEmpty())) {
        List<Promise<Integer>> batch = gate.read(() -> waiting);
        gate.change(() -> waiting = new ArrayList<>());
        int end = call.get();
        batch.forEach(promise -> promise.complete(Outcome.done(end)));
      }
      gate.change(() -> flying = false);
    }
  }
}
