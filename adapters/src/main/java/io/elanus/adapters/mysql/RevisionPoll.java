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
/// again and again, once for all that wait: often after a change, because changes come in bursts,
/// and ever less often, up to an interval, while nothing happens. Commits of this process are known
/// without asking.
final class RevisionPoll implements AutoCloseable {
  interface Revisions {
    long newest() throws SQLException;
  }

  private static final Logger log = LoggerFactory.getLogger(RevisionPoll.class);
  private static final Duration PAUSE_AFTER_CHANGE = Duration.ofMillis(20);

  /// From the shortest pause to one of 100 ms in a second.
  private static final double GROWTH = 1.1;

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
    Duration pause = interval;
    while (awaitWatcher()) {
      try {
        pause = look() ? PAUSE_AFTER_CHANGE : longer(pause);
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

  private Duration longer(Duration pause) {
    Duration longer = Duration.ofNanos((long) (pause.toNanos() * GROWTH));
    return longer.compareTo(interval) < 0 ? longer : interval;
  }

  private boolean awaitWatcher() {
    gate.await(() -> closed || waiting > 0, Deadline.NEVER);
    return !gate.read(() -> closed);
  }

  /// A store that shows less than was known before it was asked has lost commits: a server crashed,
  /// or was replaced by an older copy. Watchers then find that they are ahead.
  ///
  /// @return whether there is news
  private boolean look() throws SQLException {
    long before = gate.read(() -> known);
    long newest = revisions.newest();
    return gate.change(() -> {
      boolean news = newest > known || (newest < before && known == before);
      known = news ? newest : known;
      return news;
    });
  }

  @Override
  public void close() {
    gate.change(() -> closed = true);
    task.awaitEnd();
  }
}
