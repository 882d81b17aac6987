package io.elanus.common.run;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// A gate without a lock: only one thread runs, and it may not stop inside a gate.
final class SimulatedGate implements Gate {
  private final Scheduler scheduler;
  private final Set<SimulatedTask> waiters = new LinkedHashSet<>();

  SimulatedGate(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public <T> T change(Supplier<T> action) {
    scheduler.mayStep();
    try {
      return scheduler.inside(this, action);
    } finally {
      waiters.forEach(scheduler::ready);
    }
  }

  @Override
  public <T> T read(Supplier<T> action) {
    scheduler.mayStep();
    return scheduler.inside(this, action);
  }

  @Override
  public boolean await(BooleanSupplier condition, Deadline deadline) {
    scheduler.mayStep();
    BooleanSupplier locked = () -> scheduler.inside(this, condition::getAsBoolean);
    return scheduler.await("a gate", locked, deadline, true, waiters);
  }
}
