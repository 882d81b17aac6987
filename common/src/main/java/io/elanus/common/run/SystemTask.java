package io.elanus.common.run;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A virtual thread with a name and the exception that ended it.
final class SystemTask implements Task {
  private static final Logger log = LoggerFactory.getLogger(SystemTask.class);

  private final SystemRun run;
  private final Thread thread;
  private volatile @Nullable Throwable failure;

  private SystemTask(SystemRun run, String name, Runnable body) {
    this.run = run;
    this.thread = Thread.ofVirtual().name(name).unstarted(() -> execute(body));
  }

  static SystemTask start(SystemRun run, String name, Runnable body) {
    SystemTask task = new SystemTask(run, name, body);
    task.thread.start();
    return task;
  }

  private void execute(Runnable body) {
    try {
      body.run();
    } catch (Throwable e) {
      failure = e;
      logFailure(e);
    }
  }

  private void logFailure(Throwable error) {
    if (Canceled.is(error) && thread.isInterrupted()) {
      log.debug("task canceled task={}", name());
    } else {
      log.error("task failed task={}", name(), error);
    }
  }

  @Override
  public String name() {
    return thread.getName();
  }

  @Override
  public boolean isDone() {
    return thread.getState() == Thread.State.TERMINATED;
  }

  @Override
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void cancel() {
    thread.interrupt();
  }

  @Override
  public boolean join(Deadline deadline) {
    requireOther();
    try {
      return joinOrThrow(deadline.remaining(run));
    } catch (InterruptedException e) {
      throw Canceled.byInterrupt(e);
    }
  }

  @Override
  public void awaitEnd() {
    requireOther();
    boolean interrupted = false;
    while (!isDone()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// A thread that was interrupted before is refused even when the task has ended.
  private boolean joinOrThrow(Duration left) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return isDone() || (left.isPositive() && thread.join(left));
  }

  private void requireOther() {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("task '%s' waits for its own end".formatted(name()));
    }
  }
}
