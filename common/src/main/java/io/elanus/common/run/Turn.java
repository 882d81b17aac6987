package io.elanus.common.run;

import io.elanus.common.error.ErrorCode;
import java.util.function.Supplier;

/// Mutual exclusion that may be held across port calls: one thread has the turn, others wait at a
/// gate, so that a simulator sees them wait. Not reentrant.
public final class Turn {
  private final Gate gate;
  private final String name;

  // guarded by gate
  private boolean taken;

  public Turn(Run run, String name) {
    this.gate = run.gate();
    this.name = name;
  }

  /// Runs `action` alone.
  ///
  /// @throws io.elanus.common.error.DbException `TIMEOUT` when the turn did not come before `deadline`
  public <T> T take(Deadline deadline, Supplier<T> action) {
    acquire(deadline);
    try {
      return action.get();
    } finally {
      gate.change(() -> taken = false);
    }
  }

  /// As [#take(Deadline, Supplier)], waiting as long as it takes.
  public void take(Runnable action) {
    take(
        Deadline.NEVER,
        () -> {
          action.run();
          return true;
        });
  }

  private void acquire(Deadline deadline) {
    while (!gate.change(this::tryTake)) {
      if (!gate.await(() -> !taken, deadline)) {
        throw ErrorCode.TIMEOUT.because("timeout waiting for the turn of %s", name);
      }
    }
  }

  private boolean tryTake() {
    boolean free = !taken;
    taken = true;
    return free;
  }
}
