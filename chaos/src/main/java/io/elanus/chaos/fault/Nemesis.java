package io.elanus.chaos.fault;

import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.History;
import io.elanus.chaos.history.Span;
import java.time.Duration;

/// Carries out faults and notes them. Used by one thread.
public final class Nemesis {
  private final History history;

  public Nemesis(History history) {
    this.history = history;
  }

  /// Returns when all of it has been done.
  public void run(Schedule schedule) {
    long start = System.nanoTime();
    for (Schedule.Step step : schedule.steps()) {
      sleepUntil(start + step.at().toNanos());
      if (step.heals()) {
        heal(step.fault());
      } else {
        inject(step.fault());
      }
    }
  }

  public void inject(Fault fault) {
    note(fault.name(), fault::inject);
  }

  public void heal(Fault fault) {
    note("heal: " + fault.name(), fault::heal);
  }

  /// Injects it, waits, heals it.
  public void hold(Fault fault, Duration time) {
    inject(fault);
    sleepUntil(System.nanoTime() + time.toNanos());
    heal(fault);
  }

  private void note(String what, Runnable action) {
    long start = System.nanoTime();
    action.run();
    history.add(new Event.Fault(what, Span.since(start)));
  }

  private static void sleepUntil(long nanos) {
    try {
      Thread.sleep(Duration.ofNanos(Math.max(0, nanos - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
