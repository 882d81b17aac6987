package io.elanus.common.run;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One call on its way through a pool. Whoever sets `claimed` first decides: a worker that begins
/// it, the caller that withdraws it, or the closing pool that refuses it.
final class CpuCall<T> implements Runnable {
  private final Run run;
  private final String pool;
  private final LongConsumer waited;
  private final Callable<T> work;
  private final long asked;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean taken;
  private @Nullable Supplier<T> answer; // returns or throws; published by ended

  /// @param waited is told the nanoseconds until it was claimed
  CpuCall(Run run, String pool, LongConsumer waited, Callable<T> work) {
    this.run = run;
    this.pool = pool;
    this.waited = waited;
    this.work = work;
    this.asked = run.nanoTime();
  }

  static <T> T callNow(Callable<T> work) {
    try {
      return work.call();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new DbException(ErrorCode.UNEXPECTED, "cpu work failed: " + e, e);
    }
  }

  /// Whether a thread of the pool has come to it.
  boolean isTaken() {
    return taken;
  }

  @Override
  public void run() {
    taken = true;
    if (claim()) {
      end(compute());
    }
  }

  void refuse() {
    if (claim()) {
      end(() -> {
        throw new DbException(ErrorCode.SERVICE_UNAVAILABLE, pool + " is closed");
      });
    }
  }

  T await(Deadline deadline) {
    try {
      boolean inTime = ended.await(deadline.remaining(run).toNanos(), TimeUnit.NANOSECONDS);
      if (!inTime && claim()) {
        throw new DbException(ErrorCode.TIMEOUT, "timeout waiting for a thread of " + pool);
      }
    } catch (InterruptedException e) {
      if (claim()) {
        throw Canceled.byInterrupt(e);
      }
      Thread.currentThread().interrupt();
    }
    return awaitEnd();
  }

  private boolean claim() {
    boolean first = claimed.compareAndSet(false, true);
    if (first) {
      waited.accept(run.nanoTime() - asked);
    }
    return first;
  }

  private Supplier<T> compute() {
    try {
      T result = callNow(work);
      return () -> result;
    } catch (RuntimeException | Error e) {
      return () -> {
        throw e;
      };
    }
  }

  private void end(Supplier<T> result) {
    answer = result;
    ended.countDown();
  }

  private T awaitEnd() {
    boolean interrupted = Thread.interrupted();
    while (ended.getCount() > 0) {
      try {
        ended.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (answer == null) {
      throw new IllegalStateException("cpu work ended without an answer");
    }
    return answer.get();
  }
}
