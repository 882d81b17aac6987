package io.elanus.common.run;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A named background loop: does its action at once, then after every interval, or sooner when
/// woken. Wakes that come while the action runs make it run once more, not once each.
///
/// An action that throws is tried again after a pause that grows up to the interval, or 30 s; a
/// wake does not shorten that pause. Its first, second, fourth, eighth ... failure in a row is
/// logged. An `Error` ends the loop.
public final class Ticker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Ticker.class);

  /// Short enough that one lost packet costs a lease holder nothing.
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

  private final Run run;
  private final String name;
  private final Duration interval;
  private final Runnable action;
  private final Backoff backoff;
  private final Gate gate;
  private final Task task;

  // guarded by gate
  private boolean woken;
  private Deadline due = Deadline.NEVER;
  private boolean closed;

  private Ticker(Run run, String name, Duration interval, Runnable action) {
    this.run = run;
    this.name = name;
    this.interval = interval;
    this.action = action;
    this.backoff = new Backoff(earlier(FIRST_PAUSE, interval), earlier(MAX_PAUSE, interval));
    this.gate = run.gate();
    this.task = run.fork(name, this::loop);
  }

  public static Ticker start(Run run, String name, Duration interval, Runnable action) {
    return new Ticker(run, name, interval, action);
  }

  /// Makes the action begin as soon as it can, after this call. Never blocks.
  public void wake() {
    gate.change(() -> woken = true);
  }

  /// As [#wake], at `later`; of several moments the earliest counts.
  public void wakeAt(Deadline later) {
    gate.change(() -> due = due.orEarlier(later));
  }

  /// Cancels the action if it runs and waits for its end. Not to be called by the action.
  @Override
  public void close() {
    gate.change(() -> closed = true);
    task.cancel();
    task.awaitEnd();
  }

  private void loop() {
    int failures = 0;
    while (!gate.read(() -> closed)) {
      failures = tick(failures);
      pause(failures);
    }
  }

  /// @return failures in a row, with this one
  private int tick(int failures) {
    gate.change(() -> {
      woken = false;
      due = due.hasPassed(run) ? Deadline.NEVER : due;
    });
    try {
      action.run();
    } catch (RuntimeException e) {
      return failed(failures + 1, e);
    }
    if (failures > 0) {
      log.info("ticker recovered ticker={} failures={}", name, failures);
    }
    return 0;
  }

  private int failed(int failures, RuntimeException error) {
    if (gate.read(() -> closed)) {
      log.debug("ticker closed ticker={}", name);
    } else if (Integer.bitCount(failures) == 1) {
      log.warn("ticker failed ticker={} failures={}", name, failures, error);
    }
    return failures;
  }

  /// A cancel other than by [#close] ends the loop here.
  private void pause(int failures) {
    if (failures == 0) {
      awaitNext(Deadline.after(run, interval));
    } else {
      Duration pause = backoff.pause(failures, run.random());
      gate.await(() -> closed, Deadline.after(run, pause));
    }
  }

  /// Until woken, closed, or the earliest of `latest` and the moments set before and meanwhile.
  private void awaitNext(Deadline latest) {
    boolean again = true;
    while (again) {
      Deadline next = gate.read(() -> latest.orEarlier(due));
      boolean early =
          gate.await(() -> closed || woken || !latest.orEarlier(due).equals(next), next);
      again = early && !gate.read(() -> closed || woken);
    }
  }

  private static Duration earlier(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
