package io.elanus.index;

import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The threads of one build, sharing the rows among them: each takes the next row when it is done
/// with one. The calling thread is a member and the last to leave.
final class BuildCrew {
  private static final int PROGRESS_ROWS = 1024;

  private final BuildControl control;
  private final int rows;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private int working;
  private boolean closed;

  BuildCrew(BuildControl control, int rows) {
    this.control = control;
    this.rows = rows;
  }

  /// Hands every row to a worker; each thread makes its own. Throws what a worker threw first.
  void run(Supplier<IntConsumer> workers) {
    for (int helper = 1; helper < Math.min(control.threads(), rows); helper++) {
      try {
        control.executor().execute(() -> help(workers));
      } catch (RejectedExecutionException e) {
        break;
      }
    }
    help(workers);
    awaitHelpers();
    rethrowFailure();
    control.progress().advanced(rows, rows);
  }

  /// Works until no row is left. A helper that starts after the end leaves at once.
  private void help(Supplier<IntConsumer> workers) {
    if (!join()) {
      return;
    }
    try {
      work(workers.get());
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    } finally {
      leave();
    }
  }

  private void work(IntConsumer worker) {
    for (int row = next.getAndIncrement(); row < rows; row = next.getAndIncrement()) {
      if (failure.get() != null) {
        return;
      }
      if (control.cancelled().getAsBoolean()) {
        throw new CancellationException("index build cancelled at row " + row + " of " + rows);
      }
      worker.accept(row);
      int finished = done.incrementAndGet();
      if (finished % PROGRESS_ROWS == 0 && finished < rows) {
        control.progress().advanced(finished, rows);
      }
    }
  }

  private synchronized boolean join() {
    if (closed) {
      return false;
    }
    working++;
    return true;
  }

  private synchronized void leave() {
    working--;
    notifyAll();
  }

  /// Waits for the helpers that have started; those that have not never will. An interrupt ends the
  /// build early and is kept for the caller.
  private synchronized void awaitHelpers() {
    closed = true;
    boolean interrupted = false;
    while (working > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
        failure.compareAndSet(null, new CancellationException("index build interrupted"));
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void rethrowFailure() {
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }
}
