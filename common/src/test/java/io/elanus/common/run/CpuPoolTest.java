package io.elanus.common.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CpuPoolTest {
  private final Run run = new SystemRun();
  private final CountDownLatch began = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);

  @Test
  void computesOnItsOwnPlatformThreads() {
    try (CpuPool pool = CpuPool.fixed(run, "cpu", 2, 4)) {
      Thread thread = pool.call(Deadline.NEVER, Thread::currentThread);

      assertThat(thread.isVirtual()).isFalse();
      assertThat(thread.getName()).isEqualTo("cpu");
      assertThat(thread).isNotSameAs(Thread.currentThread());
    }
  }

  @Test
  void passesErrorsOn() {
    try (CpuPool pool = CpuPool.fixed(run, "cpu", 1, 4)) {
      assertThatThrownBy(() ->
              pool.call(
                  Deadline.NEVER,
                  () -> {
                    throw new IllegalArgumentException("planted");
                  }))
          .isInstanceOf(IllegalArgumentException.class);
      Runs.assertFails(
          ErrorCode.UNEXPECTED,
          () ->
              pool.call(
                  Deadline.NEVER,
                  () -> {
                    throw new IOException("planted");
                  }));
    }
  }

  @Test
  void workInsideWorkRunsAtOnce() {
    try (CpuPool pool = CpuPool.fixed(run, "cpu", 1, 1)) {
      int answer = pool.call(Deadline.NEVER, () -> 1 + pool.call(Deadline.NEVER, () -> 1));

      assertThat(answer).isEqualTo(2);
    }
  }

  @Test
  void workThatHasNotBegunIsWithdrawnAtTheDeadline() throws InterruptedException {
    try (CpuPool pool = CpuPool.fixed(run, "cpu", 1, 1)) {
      pool.executor().execute(this::stay);
      began.await();

      Runs.assertFails(ErrorCode.TIMEOUT, () -> pool.call(Runs.in(run, 5), () -> 1));
      int queued = pool.queued();
      open.countDown();

      assertThat(queued).isZero();
    }
  }

  @Test
  void tellsHowLongACallWaitedForAThreadEvenWhenItGotNone() throws InterruptedException {
    List<Long> waits = new CopyOnWriteArrayList<>();
    try (CpuPool pool = CpuPool.fixed(run, "cpu", 1, 1, waits::add)) {
      pool.call(Deadline.NEVER, () -> pool.call(Deadline.NEVER, () -> 1));
      assertThat(waits).as("work inside work does not wait").hasSize(1);

      pool.executor().execute(this::stay);
      began.await();
      Deadline deadline = Runs.in(run, 5);
      Runs.assertFails(ErrorCode.TIMEOUT, () -> pool.call(deadline, () -> 1));
      open.countDown();

      assertThat(waits).hasSize(2);
      assertThat(waits.getLast()).isPositive();
    }
  }

  @Test
  void workThatHasBegunIsWaitedFor() {
    try (CpuPool pool = CpuPool.fixed(run, "cpu", 1, 1)) {
      Deadline deadline = Runs.in(run, 1_000);
      Task opener =
          run.fork(
              "opener",
              () -> {
                run.sleep(deadline.remaining(run).plusMillis(10));
                open.countDown();
              });

      boolean ended =
          pool.call(
              deadline,
              () -> {
                open.await();
                return true;
              });

      assertThat(ended).isTrue();
      assertThat(deadline.hasPassed(run)).isTrue();
      opener.awaitEnd();
    }
  }

  /// One thread: what is short comes to its turn while what takes long is not at its end.
  @Test
  void longWorkGivesWayToWhoWaits() throws InterruptedException {
    try (CpuPool pool = CpuPool.fixed(run, "cpu", 1, 4)) {
      AtomicBoolean answered = new AtomicBoolean();
      Task takesLong =
          run.fork(
              "long",
              () ->
                  pool.call(
                      Deadline.NEVER,
                      () -> {
                        began.countDown();
                        while (!answered.get()) {
                          pool.giveWay();
                        }
                        return true;
                      }));
      began.await();
      Thread first = pool.call(Deadline.NEVER, Thread::currentThread);
      Thread second = pool.call(Deadline.NEVER, Thread::currentThread);
      answered.set(true);
      takesLong.awaitEnd();

      assertThat(takesLong.failure()).isEmpty();
      assertThat(first.getName()).isEqualTo(second.getName()).isEqualTo("cpu");
      assertThat(pool.queued()).isZero();
    }
  }

  /// Several of them take turns, and never are more at work than there are threads.
  @Test
  void longWorkTakesTurns() {
    AtomicInteger atWork = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (CpuPool pool = CpuPool.fixed(run, "cpu", 2, 100)) {
      List<Task> tasks = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        tasks.add(
            run.fork(
                "work " + i,
                () ->
                    pool.call(
                        Deadline.NEVER,
                        () -> {
                          for (int piece = 0; piece < 5; piece++) {
                            most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
                            long start = run.nanoTime();
                            while (run.nanoTime() - start < 5_000_000) {
                              Thread.onSpinWait();
                            }
                            atWork.decrementAndGet();
                            pool.giveWay();
                          }
                          return true;
                        })));
      }
      tasks.forEach(Task::awaitEnd);

      assertThat(tasks).allMatch(task -> task.failure().isEmpty());
      assertThat(most).hasValueLessThanOrEqualTo(2);
    }
  }

  @Test
  void workThatStandsStillEndsWhenThePoolIsClosed() throws InterruptedException {
    CpuPool pool = CpuPool.fixed(run, "cpu", 1, 4);
    AtomicBoolean closing = new AtomicBoolean();
    Task takesLong =
        run.fork(
            "long",
            () ->
                pool.call(
                    Deadline.NEVER,
                    () -> {
                      began.countDown();
                      while (!closing.get()) {
                        pool.giveWay();
                      }
                      return true;
                    }));
    began.await();
    pool.executor().execute(this::stay);
    pool.executor().execute(() -> {});
    Task closer = run.fork("closer", pool::close);
    closing.set(true);
    open.countDown();

    closer.awaitEnd();
    takesLong.awaitEnd();
    assertThat(takesLong.failure()).isEmpty();
  }

  @Test
  void aFullQueueRefuses() throws InterruptedException {
    try (CpuPool pool = CpuPool.fixed(run, "cpu", 1, 1)) {
      pool.executor().execute(this::stay);
      began.await();
      pool.executor().execute(() -> {});

      Runs.assertFails(ErrorCode.TOO_MANY_REQUESTS, () -> pool.call(Deadline.NEVER, () -> 1));
      open.countDown();
    }
  }

  @Test
  void closingRefusesWhatWaits() throws InterruptedException {
    CpuPool pool = CpuPool.fixed(run, "cpu", 1, 1);
    pool.executor().execute(this::stay);
    began.await();
    Task waits = run.fork("waits", () -> pool.call(Deadline.NEVER, () -> 1));
    while (pool.queued() == 0) {
      run.sleep(Duration.ofMillis(1));
    }
    Task closer = run.fork("closer", pool::close);

    waits.awaitEnd();
    open.countDown();
    closer.awaitEnd();

    assertThat(waits.failure())
        .get()
        .hasToString("io.elanus.common.error.DbException: cpu is closed");
    Runs.assertFails(ErrorCode.SERVICE_UNAVAILABLE, () -> pool.call(Deadline.NEVER, () -> 1));
  }

  @Test
  void inlineComputesOnTheCallersThread() {
    CpuPool pool = CpuPool.inline(run);

    assertThat(pool.call(Deadline.NEVER, Thread::currentThread)).isSameAs(Thread.currentThread());
  }

  private void stay() {
    began.countDown();
    try {
      open.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
