package io.elanus.common.run;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A fixed number of platform threads at work behind one bounded queue, each started when there is work for it.
///
/// Work that gives way gets in line again, and its thread stands still meanwhile: another one takes its place, until
/// its turn has come.
///
/// ```
/// line   call, call, A's turn          at work   B, C          standing   A
/// ```
final class CpuThreads implements CpuPool {
  private static final Logger log = LoggerFactory.getLogger(CpuThreads.class);

  /// What computes for less is not interrupted.
  private static final long SLICE_NANOS = Duration.ofMillis(20).toNanos();

  /// Threads that stand still at the same time.
  private static final int MAX_STANDING = 64;

  private final Run run;
  private final String name;
  private final int threads;
  private final int queueLimit;
  private final LongConsumer waited;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // guarded by lock
  private final Queue<Runnable> line = new ArrayDeque<>();
  private final Set<Worker> workers = new HashSet<>();
  private int standing;
  private int started;
  private boolean closed;

  CpuThreads(Run run, String name, int threads, int queued, LongConsumer waited) {
    this.run = run;
    this.name = name;
    this.threads = threads;
    this.queueLimit = queued;
    this.waited = waited;
  }

  @Override
  public <T> T call(Deadline deadline, Callable<T> work) {
    if (current() != null) {
      return CpuCall.callNow(work);
    }
    deadline.check(run, name);
    CpuCall<T> call = new CpuCall<>(run, name, waited, work);
    enqueue(call);
    try {
      return call.await(deadline);
    } finally {
      withdraw(call);
    }
  }

  @Override
  public Executor executor() {
    return body -> enqueue(() -> runLogged(body));
  }

  @Override
  public void giveWay() {
    Worker worker = current();
    if (worker != null && run.nanoTime() - worker.since >= SLICE_NANOS) {
      Turn turn = new Turn();
      if (stand(turn)) {
        turn.await();
      }
      worker.since = run.nanoTime();
    }
  }

  @Override
  public int queued() {
    lock.lock();
    try {
      return line.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    List<Runnable> refused = new ArrayList<>();
    List<Worker> last = new ArrayList<>();
    locked(() -> {
      closed = true;
      refused.addAll(line);
      line.clear();
      last.addAll(workers);
      changed.signalAll();
    });
    for (Runnable waiting : refused) {
      switch (waiting) {
        case CpuCall<?> call -> call.refuse();
        case Turn turn -> turn.run(); // its work has begun
        default -> {}
      }
    }
    last.forEach(CpuThreads::join);
  }

  private void locked(Runnable body) {
    lock.lock();
    try {
      body.run();
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(Runnable body) {
    locked(() -> {
      if (closed) {
        throw new DbException(ErrorCode.SERVICE_UNAVAILABLE, name + " is closed");
      }
      if (line.size() - standing >= queueLimit) {
        throw new DbException(ErrorCode.TOO_MANY_REQUESTS, "queue of %s is full".formatted(name));
      }
      if (started < threads) {
        startWorker();
        started++;
      }
      line.add(body);
      changed.signal();
    });
  }

  /// What a thread has taken is in line no more.
  private void withdraw(CpuCall<?> call) {
    if (!call.isTaken()) {
      locked(() -> line.remove(call));
    }
  }

  /// @return false when nobody waits, or too many stand already
  private boolean stand(Turn turn) {
    lock.lock();
    try {
      if (closed || line.isEmpty() || standing == MAX_STANDING) {
        return false;
      }
      line.add(turn);
      standing++;
      startWorker();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Under the lock.
  private void startWorker() {
    Worker worker = new Worker(this);
    worker.start();
    workers.add(worker);
  }

  /// The next in line; null when the pool is closed.
  private @Nullable Runnable take() {
    lock.lock();
    try {
      while (line.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      Runnable next = line.poll();
      standing -= next instanceof Turn ? 1 : 0;
      return next;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Worker current() {
    return Thread.currentThread() instanceof Worker worker && worker.pool == this ? worker : null;
  }

  private void runLogged(Runnable body) {
    try {
      body.run();
    } catch (RuntimeException | Error e) {
      log.error("cpu work failed pool={}", name, e);
    }
  }

  private static void join(Worker worker) {
    boolean interrupted = false;
    while (worker.isAlive()) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// The place in line of work that has given way.
  private static final class Turn implements Runnable {
    private final CountDownLatch come = new CountDownLatch(1);

    @Override
    public void run() {
      come.countDown();
    }

    void await() {
      boolean interrupted = false;
      while (come.getCount() > 0) {
        try {
          come.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Known by its type, so that work inside work does not wait for a thread.
  private static final class Worker extends Thread {
    private final CpuThreads pool;

    /// When what is at work here began, or got its turn again. Of this thread alone.
    private long since;

    private Worker(CpuThreads pool) {
      super(pool.name);
      this.pool = pool;
      setDaemon(true);
    }

    /// Until the pool is closed, or until work that stood still goes on in this thread's place.
    @Override
    public void run() {
      try {
        Runnable next = pool.take();
        while (next != null) {
          since = pool.run.nanoTime();
          next.run();
          if (next instanceof Turn) {
            return;
          }
          next = pool.take();
        }
      } finally {
        pool.locked(() -> pool.workers.remove(this));
      }
    }
  }
}
