package io.elanus.adapters.mysql;

import io.elanus.adapters.sql.MetaTables.Slice;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest changes of the store, read once for all watchers of this process.
///
/// ```
///   not held | held here | not known yet
///          start        end
/// ```
///
/// While somebody waits, the store is asked again and again: at once after a commit of this process,
/// often after any change, because changes come in bursts, and ever less often, up to an interval,
/// while nothing happens.
final class ChangeFeed implements AutoCloseable {
  /// The store as the feed reads it.
  interface Source {
    long newest() throws SQLException;

    /// Empty when not all changes after `revision` are there.
    Optional<Slice> changes(long revision) throws SQLException;
  }

  private static final Logger log = LoggerFactory.getLogger(ChangeFeed.class);
  private static final Duration PAUSE_AFTER_CHANGE = Duration.ofMillis(20);

  /// From the shortest pause to one of 100 ms in a second.
  private static final double GROWTH = 1.1;

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);

  /// Watchers follow at once; one that is further behind asks the store itself.
  private static final int MAX_EVENTS = 1_000;

  private static final long MAX_BYTES = 8 << 20;

  private final Run run;
  private final Duration interval;
  private final Source source;
  private final Gate gate;
  private final Task task;

  // guarded by gate
  private final Deque<MetaEvent> held = new ArrayDeque<>();
  private long heldBytes;
  private long start;
  private long end;
  private long heard;
  private boolean begun;
  private boolean woken;
  private int waiting;
  private boolean closed;

  ChangeFeed(Run run, Duration interval, Source source) {
    this.run = run;
    this.interval = interval;
    this.source = source;
    this.gate = run.gate();
    this.task = run.fork("feed of changes", this::loop);
  }

  /// The store has had this revision.
  void hear(long revision) {
    gate.change(() -> {
      heard = Math.max(heard, revision);
      woken |= revision > end;
    });
  }

  void wake() {
    gate.change(() -> {});
  }

  /// Waits for changes after `seen`, for `stop`, or for the end. Returns also when the store is known
  /// not to have `seen`, now or any more: whoever then asks it learns that.
  ///
  /// @return false when `deadline` passed first
  boolean awaitChange(long seen, BooleanSupplier stop, Deadline deadline) {
    gate.change(() -> waiting++);
    try {
      return gate.await(
          () -> closed || stop.getAsBoolean() || end > seen || seen > heard, deadline);
    } finally {
      gate.change(() -> waiting--);
    }
  }

  /// Changes of keys that begin with `prefix` after revision `after`, if all of them are held here.
  Optional<Slice> find(String prefix, long after) {
    return gate.read(() -> {
      if (!begun || after < start || after >= end) {
        return Optional.empty();
      }
      List<MetaEvent> events =
          held.stream()
              .filter(event -> event.revision() > after && event.key().startsWith(prefix))
              .toList();
      return Optional.of(new Slice(events, end));
    });
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
          log.warn("changes cannot be seen failures={} error={}", failures, e.getMessage());
        }
      }
      gate.await(() -> closed || woken, Deadline.after(run, pause));
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

  /// @return whether there is news
  private boolean look() throws SQLException {
    long from =
        gate.change(() -> {
          woken = false;
          return end;
        });
    Optional<Slice> slice = gate.read(() -> begun) ? source.changes(from) : Optional.empty();
    if (slice.isEmpty()) {
      long newest = source.newest();
      gate.change(() -> begin(newest));
      return true;
    }
    gate.change(() -> append(slice.get()));
    return slice.get().upTo() > from;
  }

  /// Begins with nothing: for the first time, or because history was taken away. A store that shows
  /// less than was heard of has lost commits: a server crashed, or was replaced by an older copy.
  private void begin(long newest) {
    begun = true;
    held.clear();
    heldBytes = 0;
    start = newest;
    end = newest;
    heard = newest;
  }

  private void append(Slice slice) {
    slice
        .events()
        .forEach(event -> {
          held.add(event);
          heldBytes += bytes(event);
        });
    end = slice.upTo();
    heard = Math.max(heard, end);
    while (held.size() > MAX_EVENTS || heldBytes > MAX_BYTES) {
      dropOldestCommit();
    }
  }

  private void dropOldestCommit() {
    start = held.getFirst().revision();
    while (!held.isEmpty() && held.getFirst().revision() == start) {
      heldBytes -= bytes(held.removeFirst());
    }
  }

  private static long bytes(MetaEvent event) {
    return event.key().length() + event.value().map(value -> value.length).orElse(0);
  }

  @Override
  public void close() {
    gate.change(() -> closed = true);
    task.awaitEnd();
  }
}
