package io.elanus.common.run;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The baton: which task of a simulation runs, and what time it is.
///
/// One thread holds the baton and all fields here belong to it. To stop running is to choose the
/// next task, by the seed, and give it the baton. Time stands still while anyone can run; when no
/// one can, it jumps to the next entry of the agenda; when there is none, that is a deadlock.
///
/// ```
///  current ──step, wait, end──> [ dying ] first, else any of [ runnable ], else [ agenda ]
/// ```
final class Scheduler {
  /// Choices without time passing after which somebody must be going in circles.
  private static final long MAX_CHOICES_PER_INSTANT = 1_000_000;

  /// Waits a killed task may swallow before it is given up.
  private static final int MAX_DEATHS = 10_000;

  /// Real time without a choice after which the task that runs must be blocked elsewhere.
  private static final Duration MAX_HOLD = Duration.ofMinutes(2);

  /// In 256 chances, how often a gate is a switch point although its user need not wait. Seeds
  /// differ in this, because some mistakes need many switches and some need few.
  private static final int[] STEP_CHANCES = {0, 4, 32, 128};

  private final long seed;
  private final ThreadFactory threads;
  private final SplittableRandom choices;
  private final SplittableRandom values;
  private final int stepChance;
  private final Trace trace = new Trace();
  private final CountDownLatch finished = new CountDownLatch(1);

  private final Set<SimulatedTask> alive = new LinkedHashSet<>();
  private final RunQueue runnable;
  private final Deque<SimulatedTask> dying = new ArrayDeque<>();
  private final Agenda agenda = new Agenda();
  private final List<Throwable> taskFailures = new ArrayList<>();

  private @Nullable SimulatedTask current; // none before and after the run
  private @Nullable SimulatedTask main;
  private @Nullable SimulatedGate inside;
  private @Nullable SimulationFailed failure;
  private boolean over;
  private long now;
  private long limit;
  private long lastTaskId;
  private long switchCount;
  private long choicesAtNow;

  Scheduler(long seed, ThreadFactory threads) {
    SplittableRandom root = new SplittableRandom(seed);
    this.seed = seed;
    this.threads = threads;
    this.choices = root.split();
    this.runnable = new RunQueue(choices);
    this.values = root.split();
    this.stepChance = STEP_CHANCES[root.nextInt(STEP_CHANCES.length)];
  }

  /// Runs `body` as the main task on a thread of the simulation, then kills what still runs.
  void run(SimulatedProcess world, Runnable body, Duration virtualLimit) {
    if (main != null) {
      throw new IllegalStateException("a simulation runs once");
    }
    limit = now + virtualLimit.toNanos();
    main = fork(world, "main", body);
    giveNext();
    awaitFinished();
    if (failure != null) {
      throw failure;
    }
  }

  long now() {
    enter();
    return now;
  }

  SplittableRandom random() {
    enter();
    return new SplittableRandom(values.nextLong());
  }

  long traceHash() {
    return trace.hash();
  }

  long switchCount() {
    return switchCount;
  }

  List<Throwable> taskFailures() {
    return List.copyOf(taskFailures);
  }

  SimulatedTask fork(SimulatedProcess process, String name, Runnable body) {
    enter();
    process.requireAlive();
    SimulatedTask task = new SimulatedTask(this, process, ++lastTaskId, name, body, threads);
    alive.add(task);
    ready(task);
    mayStep();
    return task;
  }

  /// A switch point: any task that can run may go on instead of this one.
  void step() {
    SimulatedTask me = enter();
    if (me != null && inside == null) {
      ready(me);
      passOn(me);
    }
  }

  /// A switch point by chance.
  void mayStep() {
    if (enter() != null && inside == null && choices.nextInt(256) < stepChance) {
      step();
    }
  }

  /// Runs what a gate guards. Nobody else runs meanwhile; this is checked, not locked.
  <T> T inside(SimulatedGate gate, Supplier<T> action) {
    if (inside != null && inside != gate) {
      throw new IllegalStateException("a gate is used inside another gate");
    }
    SimulatedGate outer = inside;
    inside = gate;
    try {
      return action.get();
    } finally {
      inside = outer;
    }
  }

  /// @param waiters whose members the caller makes [#ready] when the condition may have changed
  /// @return false when `deadline`, on the clock of the calling process, passed first
  boolean await(
      String what,
      BooleanSupplier condition,
      Deadline deadline,
      boolean cancelable,
      Set<SimulatedTask> waiters) {
    SimulatedTask me = enter();
    if (inside != null) {
      throw new IllegalStateException("waits for %s inside a gate".formatted(what));
    }
    if (me != null && me.canceled && cancelable) {
      throw Wait.canceled();
    }
    if (condition.getAsBoolean()) {
      return true;
    }
    if (me == null) {
      throw new IllegalStateException("waits for %s outside the simulation".formatted(what));
    }
    long wakeAt = me.process.clock().virtualNanos(deadline);
    return wakeAt > now && block(me, new Wait(what, condition, wakeAt, cancelable), waiters);
  }

  /// Sleeping is waiting for what never happens.
  void sleep(Deadline deadline) {
    mayStep();
    await("time to pass", () -> false, deadline, true, new LinkedHashSet<>());
  }

  boolean join(SimulatedTask task, Deadline deadline, boolean cancelable) {
    if (enter() == task) {
      throw new IllegalStateException("task '%s' waits for its own end".formatted(task.name()));
    }
    mayStep();
    return await("end of " + task.fullName(), task::isDone, deadline, cancelable, task.joiners);
  }

  void cancel(SimulatedTask task) {
    enter();
    task.canceled = true;
    if (task.wait != null) {
      ready(task);
    }
  }

  /// Lets `task` look at its condition again, or go on if it has none.
  void ready(SimulatedTask task) {
    runnable.add(task, now);
  }

  /// Ends all tasks of `process` before anyone else goes on.
  void kill(SimulatedProcess process) {
    SimulatedTask me = requireRunning();
    process.die();
    List<SimulatedTask> victims = tasksOf(process);
    victims.forEach(task -> task.killed = true);
    runnable.remove(victims);
    dying.addAll(victims);
    dying.remove(me);
    dying.add(me);
    passOn(me);
  }

  /// Keeps the tasks of `process` from running for `time`; what they wait for goes on happening.
  void pause(SimulatedProcess process, Duration time) {
    SimulatedTask me = requireRunning();
    long until = now + time.toNanos();
    process.pauseUntil(until);
    runnable.hold(process);
    agenda.add(until, () -> resume(process));
    if (me.process == process) {
      step();
    }
  }

  private void resume(SimulatedProcess process) {
    if (!process.isPaused(now)) {
      runnable.release(process);
    }
  }

  /// Called last by the thread of `task`.
  void end(SimulatedTask task) {
    alive.remove(task);
    if (!task.killed) {
      task.failure().ifPresent(taskFailures::add);
    }
    task.joiners.forEach(this::ready);
    current = null;
    if (task == main && !over) {
      stop(task.failure().map(e -> failed("failed: " + e, e)).orElse(null));
    }
    giveNext();
  }

  /// @return the task that holds the baton; null before and after the run, when there is none
  private @Nullable SimulatedTask enter() {
    SimulatedTask me = current;
    if (me == null) {
      return null;
    }
    if (me.thread != Thread.currentThread()) {
      throw new IllegalStateException("called by a thread that the simulation did not start");
    }
    if (me.killed) {
      throw death(me);
    }
    return me;
  }

  private SimulatedTask requireRunning() {
    SimulatedTask me = enter();
    if (me == null || inside != null) {
      throw new IllegalStateException("only a running task outside gates can do this");
    }
    return me;
  }

  private boolean block(SimulatedTask me, Wait wait, Set<SimulatedTask> waiters) {
    me.wait = wait;
    waiters.add(me);
    Agenda.Entry alarm = wait.wakes() ? agenda.add(wait.wakeAt(), () -> ready(me)) : null;
    try {
      passOn(me);
    } finally {
      if (alarm != null) {
        agenda.remove(alarm);
      }
      waiters.remove(me);
      me.wait = null;
    }
    return requireNonNull(me.waitResult).getAsBoolean();
  }

  /// Stops running until it is this task's turn again.
  private void passOn(SimulatedTask me) {
    SimulatedTask next = choose();
    if (next != me) {
      give(next);
      me.awaitTurn();
    }
    if (me.killed) {
      throw death(me);
    }
  }

  private void giveNext() {
    if (over && dying.isEmpty()) {
      finished.countDown();
    } else {
      give(choose());
    }
  }

  private void give(SimulatedTask next) {
    current = next;
    switchCount++;
    next.give();
  }

  private SimulatedTask choose() {
    SimulatedTask chosen = null;
    while (chosen == null) {
      if (!dying.isEmpty()) {
        chosen = dying.remove();
      } else if (runnable.isEmpty()) {
        advance();
      } else {
        chosen = chooseRunnable();
      }
    }
    trace.note(chosen.id, now);
    return chosen;
  }

  private @Nullable SimulatedTask chooseRunnable() {
    if (trace.choiceCount() - choicesAtNow > MAX_CHOICES_PER_INSTANT) {
      stop(failed("time stands still" + Report.of(alive), null));
      return null;
    }
    SimulatedTask task = runnable.take();
    Wait wait = task.wait;
    task.waitResult = wait == null ? () -> true : wait.result(task.canceled, now);
    return task.waitResult == null ? null : task;
  }

  private void advance() {
    if (agenda.isEmpty()) {
      stop(failed("deadlock: nobody can go on" + Report.of(alive), null));
    } else if (agenda.nextAt() > limit) {
      stop(failed("not done within the virtual time allowed" + Report.of(alive), null));
    } else {
      now = agenda.nextAt();
      choicesAtNow = trace.choiceCount();
      agenda.runDue(now);
    }
  }

  /// Ends the run: everybody still alive is killed, one after the other.
  private void stop(@Nullable SimulationFailed reason) {
    over = true;
    failure = reason;
    alive.forEach(task -> task.killed = true);
    dying.clear();
    dying.addAll(alive);
  }

  private Killed death(SimulatedTask task) {
    if (++task.deathCount > MAX_DEATHS) {
      stop(failed("task '%s' swallows Killed".formatted(task.fullName()), null));
      dying.remove(task);
      task.endUnfinished();
    }
    return new Killed(task.process.name());
  }

  private List<SimulatedTask> tasksOf(SimulatedProcess process) {
    return alive.stream().filter(task -> task.process == process).toList();
  }

  private SimulationFailed failed(String what, @Nullable Throwable cause) {
    return new SimulationFailed(
        "seed %d, %s of virtual time, %d switches: %s"
            .formatted(seed, Duration.ofNanos(now), switchCount, what),
        cause);
  }

  private void awaitFinished() {
    long seen = 0;
    try {
      while (!finished.await(MAX_HOLD.toSeconds(), TimeUnit.SECONDS)) {
        if (trace.choiceCount() == seen) {
          throw failed("the task that runs does not come back" + Report.of(alive), null);
        }
        seen = trace.choiceCount();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("interrupted", e);
    }
  }
}
