package io.elanus.common.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// [Run] as one process of a simulation sees it: what it forks dies and pauses with it, and its
/// clocks are its own. Made by [SimulatedRun#process].
public final class SimulatedProcess implements Run {
  private final Scheduler scheduler;
  private final String name;
  private final List<SimulatedTask> held = new ArrayList<>();
  private SimulatedClock clock;
  private long pausedUntil;
  private boolean dead;

  SimulatedProcess(Scheduler scheduler, String name, SimulatedClock clock) {
    this.scheduler = scheduler;
    this.name = name;
    this.clock = clock;
  }

  public String name() {
    return name;
  }

  public boolean isAlive() {
    return !dead;
  }

  @Override
  public long wallMillis() {
    return clock.wallMillis(scheduler.now());
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime(scheduler.now());
  }

  @Override
  public RandomGenerator random() {
    return scheduler.random();
  }

  @Override
  public Task fork(String taskName, Runnable body) {
    return scheduler.fork(this, taskName, body);
  }

  @Override
  public void sleep(Duration duration) {
    scheduler.sleep(Deadline.after(this, duration));
  }

  @Override
  public Gate gate() {
    return new SimulatedGate(scheduler);
  }

  /// Sets the wall clock forward or back, as a time service does. Monotonic time is not touched.
  public void shiftWall(Duration by) {
    clock = new SimulatedClock(clock.wallSkew().plus(by), clock.rate(), clock.origin());
  }

  SimulatedClock clock() {
    return clock;
  }

  /// Tasks that could run, were the process not paused.
  List<SimulatedTask> held() {
    return held;
  }

  boolean isPaused(long virtualNanos) {
    return virtualNanos < pausedUntil;
  }

  void pauseUntil(long virtualNanos) {
    pausedUntil = Math.max(pausedUntil, virtualNanos);
  }

  void die() {
    dead = true;
    held.clear();
  }

  void requireAlive() {
    if (dead) {
      throw new IllegalStateException("process '%s' is dead".formatted(name));
    }
  }
}
