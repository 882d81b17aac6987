package io.elanus.common.run;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A fixed number of platform threads behind one bounded queue.
final class CpuThreads implements CpuPool {
  private static final Logger log = LoggerFactory.getLogger(CpuThreads.class);

  private final Run run;
  private final String name;
  private final ThreadPoolExecutor threads;
  private final LongConsumer waited;

  CpuThreads(Run run, String name, int threads, int queued, LongConsumer waited) {
    this.run = run;
    this.name = name;
    this.waited = waited;
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queued),
            body -> new Worker(this, body));
  }

  @Override
  public <T> T call(Deadline deadline, Callable<T> work) {
    if (Thread.currentThread() instanceof Worker worker && worker.pool == this) {
      return CpuCall.callNow(work);
    }
    deadline.check(run, name);
    CpuCall<T> call = new CpuCall<>(run, name, waited, work);
    enqueue(call);
    try {
      return call.await(deadline);
    } finally {
      threads.remove(call);
    }
  }

  @Override
  public Executor executor() {
    return body -> enqueue(() -> runLogged(body));
  }

  @Override
  public int queued() {
    return threads.getQueue().size();
  }

  @Override
  public void close() {
    threads.shutdown();
    List<Runnable> refused = new ArrayList<>();
    threads.getQueue().drainTo(refused);
    for (Runnable waiting : refused) {
      if (waiting instanceof CpuCall<?> call) {
        call.refuse();
      }
    }
    threads.close();
  }

  private void enqueue(Runnable body) {
    try {
      threads.execute(body);
    } catch (RejectedExecutionException e) {
      throw threads.isShutdown()
          ? new DbException(ErrorCode.SERVICE_UNAVAILABLE, name + " is closed", e)
          : new DbException(ErrorCode.TOO_MANY_REQUESTS, "queue of %s is full".formatted(name), e);
    }
  }

  private void runLogged(Runnable body) {
    try {
      body.run();
    } catch (RuntimeException e) {
      log.error("cpu work failed pool={}", name, e);
    }
  }

  /// Known by its type, so that work inside work does not wait for a thread.
  private static final class Worker extends Thread {
    private final CpuThreads pool;

    private Worker(CpuThreads pool, Runnable body) {
      super(body, pool.name);
      this.pool = pool;
      setDaemon(true);
    }
  }
}
