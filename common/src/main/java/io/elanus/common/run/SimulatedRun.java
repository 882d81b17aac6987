package io.elanus.common.run;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/// Runs the real, blocking code of a whole cluster with one runnable thread at a time, chosen by a
/// seed, in virtual time (docs/decisions/0004). The same seed takes the same way again.
///
/// ```java
/// SimulatedRun world = new SimulatedRun(seed);
/// SimulatedProcess node = world.process("node-1");
/// world.run(() -> {
///   node.fork("server", () -> serve(node));
///   world.sleep(Duration.ofSeconds(3));
///   world.kill(node);
/// }, Duration.ofMinutes(10));
/// ```
///
/// As a [Run] it is the world: what it forks belongs to no process, and its clocks are exact.
/// Tasks switch where they wait, at [#step], and by chance at gates. Between two switches nobody
/// else runs, so code that blocks other than through its `Run` stops everything, which is reported.
/// Before and after [#run], one thread may set up and look at what is left, without waiting.
public final class SimulatedRun implements Run {
  private final Scheduler scheduler;
  private final SimulatedProcess world;

  public SimulatedRun(long seed) {
    this(seed, Thread.ofVirtual().factory());
  }

  SimulatedRun(long seed, ThreadFactory threads) {
    this.scheduler = new Scheduler(seed, threads);
    this.world = new SimulatedProcess(scheduler, "world", SimulatedClock.EXACT);
  }

  /// Runs `main`; when it ends, kills all other tasks and returns. Once per simulation.
  ///
  /// @throws SimulationFailed naming the seed, when `main` fails, when all tasks wait for each
  ///     other, when `main` has not ended after `virtualLimit`, or when time stands still
  public void run(Runnable main, Duration virtualLimit) {
    scheduler.run(world, main, virtualLimit);
  }

  /// A process whose clocks are exact. A process that is killed is started again by making another
  /// one of the same name.
  public SimulatedProcess process(String name) {
    return process(name, SimulatedClock.EXACT);
  }

  public SimulatedProcess process(String name, SimulatedClock clock) {
    return new SimulatedProcess(scheduler, name, clock);
  }

  /// As SIGKILL: when this returns, no task of `process` runs or will run. Each of them has ended
  /// with [Killed], thrown where it waited and by everything it tried after that. Called by a task
  /// of `process` itself, this throws.
  public void kill(SimulatedProcess process) {
    if (process == world) {
      throw new IllegalArgumentException("the world cannot be killed");
    }
    scheduler.kill(process);
  }

  /// As SIGSTOP, and SIGCONT after `time`: no task of `process` runs meanwhile, while its clocks
  /// and everybody else go on.
  public void pause(SimulatedProcess process, Duration time) {
    scheduler.pause(process, time);
  }

  /// A switch point: any task that can run may go on instead of the calling one. Simulated ports
  /// begin and end with one. Throws [Killed] on a task that was killed.
  public void step() {
    scheduler.step();
  }

  /// A hash over every choice made and its time; equal for two runs of the same seed and code.
  public long traceHash() {
    return scheduler.traceHash();
  }

  /// How often the baton went from one thread to another.
  public long switchCount() {
    return scheduler.switchCount();
  }

  /// What ended tasks other than by [Killed], in order.
  public List<Throwable> taskFailures() {
    return scheduler.taskFailures();
  }

  @Override
  public long wallMillis() {
    return world.wallMillis();
  }

  @Override
  public long nanoTime() {
    return world.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return world.random();
  }

  @Override
  public Task fork(String name, Runnable body) {
    return world.fork(name, body);
  }

  @Override
  public void sleep(Duration duration) {
    world.sleep(duration);
  }

  @Override
  public Gate gate() {
    return world.gate();
  }
}
