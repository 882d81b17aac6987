package io.elanus.common.run;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// One lock, one condition, and every change wakes every waiter: a wait cannot be missed.
final class SystemGate implements Gate {
  private final SystemRun run;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  SystemGate(SystemRun run) {
    this.run = run;
  }

  @Override
  public <T> T change(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      changed.signalAll();
      lock.unlock();
    }
  }

  @Override
  public <T> T read(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean await(BooleanSupplier condition, Deadline deadline) {
    try {
      lock.lockInterruptibly();
      try {
        return awaitLocked(condition, deadline);
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      throw Canceled.byInterrupt(e);
    }
  }

  private boolean awaitLocked(BooleanSupplier condition, Deadline deadline)
      throws InterruptedException {
    while (!condition.getAsBoolean()) {
      if (deadline.isNever()) {
        changed.await();
      } else if (changed.awaitNanos(deadline.nanoTime() - run.nanoTime()) <= 0) {
        return condition.getAsBoolean();
      }
    }
    return true;
  }
}
