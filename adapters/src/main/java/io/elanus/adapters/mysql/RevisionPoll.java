package io.elanus.adapters.mysql;

import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest revision this process knows. While somebody waits for a newer one, the store is asked
/// at an interval, once for all that wait; commits of this process are known without asking.
final class RevisionPoll implements AutoCloseable {
  interface Revisions {
    long newest() throws SQLException;
  }

  private static final Logger log = LoggerFactory.getLogger(RevisionPoll.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);

  private final Run run;
  private final Duration interval;
  private final Revisions revisions;
  private final Gate gate;
  private final Task task;

  // guarded by gate
  private long known;
  private int waiting;
  private boolean closed;

  RevisionPoll(Run run, Duration interval, Revisions revisions) {
    this.run = run;
    this.interval = interval;
    this.revisions = revisions;
    this.gate = run.gate();
    this.task = run.fork("poll revision", this::loop);
  }

  /// The store has had this revision.
  void hear(long revision) {
    gate.change(() -> known = Math.max(known, revision));
  }

  void wake() {
    gate.change(() -> {});
  }

  /// Waits until the newest revision known is not `seen`, for `stop`, or for the end.
  ///
  /// @return false when `deadline` passed first
  boolean awaitChange(long seen, BooleanSupplier stop, Deadline deadline) {
    gate.change(() -> waiting++);
    try {
      return gate.await(() -> closed || stop.getAsBoolean() || known != seen, deadline);
    } finally {
      gate.change(() -> waiting--);
    }
  }

  private void loop() {
    int failures = 0;
    while (awaitWatcher()) {
      Duration pause = interval;
      try {
        look();
        failures = 0;
      } catch (SQLException | RuntimeException e) {
        failures++;
        pause = PAUSE_AFTER_FAILURE;
        if (Integer.bitCount(failures) == 1 && !gate.read(() -> closed)) {
          log.warn("revision cannot be seen failures={} error={}", failures, e.getMessage());
        }
      }
      gate.await(() -> closed, Deadline.after(run, pause));
    }
  }

  private boolean awaitWatcher() {
    gate.await(() -> closed || waiting > 0, Deadline.NEVER);
    return !gate.read(() -> closed);
  }

  /// A store that shows less than was known before it was asked has lost commits: a server crashed,
  /// or was replaced by an older copy. Watchers then find that they are ahead.
  private void look() throws SQLException {
    long before = gate.read(() -> known);
    long newest = revisions.newest();
    gate.change(() -> {
      if (newest > known || (newest < before && known == before)) {
        known = newest;
      }
    });
  }

  @Override
  public void close() {
    gate.change(() -> closed = true);
    task.awaitEnd();
  }
}
