package io.elanus.common.run;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real thread that runs only while it holds the baton. `turn` hands the baton over, and with it
/// everything the giver did; all other fields belong to whoever holds the baton.
final class SimulatedTask implements Task {
  private static final Logger log = LoggerFactory.getLogger(SimulatedTask.class);

  final long id;
  final SimulatedProcess process;
  final Thread thread;

  /// Tasks that wait for this one's end.
  final Set<SimulatedTask> joiners = new LinkedHashSet<>();

  // owned by the scheduler
  @Nullable Wait wait;
  @Nullable BooleanSupplier waitResult; // returns or throws
  boolean queued;
  boolean canceled;
  boolean killed;
  int deathCount;

  private final Scheduler scheduler;
  private final String name;
  private volatile boolean turn;
  private boolean started;
  private boolean done;
  private @Nullable Throwable failure;

  SimulatedTask(
      Scheduler scheduler,
      SimulatedProcess process,
      long id,
      String name,
      Runnable body,
      ThreadFactory threads) {
    this.scheduler = scheduler;
    this.process = process;
    this.id = id;
    this.name = name;
    this.thread = threads.newThread(() -> execute(body));
    this.thread.setName(fullName());
  }

  String fullName() {
    return process.name() + "/" + name;
  }

  /// Gives the baton to this task; the giver then only waits or ends.
  void give() {
    turn = true;
    if (started) {
      LockSupport.unpark(thread);
    } else {
      started = true;
      thread.start();
    }
  }

  void awaitTurn() {
    while (!turn) {
      LockSupport.park(this);
      Thread.interrupted(); // park would return at once for ever
    }
    turn = false;
  }

  private void execute(Runnable body) {
    awaitTurn();
    try {
      if (!killed) {
        body.run();
      }
    } catch (Throwable e) {
      failed(e);
    }
    done = true;
    scheduler.end(this);
  }

  /// For a task that cannot be made to return: gives the baton away and never asks for it again.
  void endUnfinished() {
    done = true;
    scheduler.end(this);
    while (true) {
      LockSupport.park(this);
    }
  }

  private void failed(Throwable error) {
    failure = error;
    if (!killed && !(canceled && Canceled.is(error))) {
      log.error("task failed task={}", fullName(), error);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isDone() {
    return done;
  }

  @Override
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void cancel() {
    scheduler.cancel(this);
  }

  @Override
  public boolean join(Deadline deadline) {
    return scheduler.join(this, deadline, true);
  }

  @Override
  public void awaitEnd() {
    scheduler.join(this, Deadline.NEVER, false);
  }
}
