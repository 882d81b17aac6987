package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one log for all shards of it that this node leads: once, however many they are.
///
/// ```
/// log          . . . . . . . . . . . . . . .
/// reading 1                        ^ its shards get what it reads
/// reading 2          ^ shards that came later and begin earlier; joins reading 1 where it meets it
/// ```
/// A shard joins the nearest reading that has not passed it, or begins one. While nobody follows, nothing
/// is read. What fails for one shard is that shard's failure: it is let go, and comes back from where it
/// starts anew. A log that cannot be read for a while is asked again; one that has forgotten what is next
/// fails all shards of that reading.
final class LogFollower {
  /// A shard that follows the log.
  interface Shard {
    ShardId id();

    /// Everything before it is applied. Callable under a gate.
    Position position();

    /// Takes its next records, in order; those before [#position] it has already.
    ///
    /// @param end everything of the log before it has been handed over
    void apply(List<WalRecord> records, Position end);
  }

  private static final Logger logger = LoggerFactory.getLogger(LogFollower.class);
  private static final Backoff AGAIN = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

  private final Run run;
  private final Wal wal;
  private final LogId log;
  private final Gate gate;

  // guarded by gate
  private final List<Reading> readings = new ArrayList<>();

  /// One shard's following. Guarded by gate.
  private static final class Follower {
    final Shard shard;
    Optional<Throwable> failure = Optional.empty();

    Follower(Shard shard) {
      this.shard = shard;
    }
  }

  /// One reader, for as long as somebody follows by it. Guarded by gate.
  private static final class Reading {
    final List<Follower> followers = new ArrayList<>();

    /// Everything before it is handed over, or being so to those who follow now, or all of them had it before; what
    /// is read next begins here.
    Position position;

    boolean stopped;
    @Nullable Task task;

    Reading(Position position) {
      this.position = position;
    }
  }

  LogFollower(Run run, Wal wal, LogId log) {
    this.run = run;
    this.wal = wal;
    this.log = log;
    this.gate = run.gate();
  }

  /// Hands the log to `shard`, from its position on, until the calling thread is canceled or something
  /// fails.
  ///
  /// @throws RuntimeException what failed; `CANCELED`
  void follow(Shard shard) {
    Follower follower = new Follower(shard);
    join(follower);
    try {
      gate.await(() -> follower.failure.isPresent(), Deadline.NEVER);
      throw thrown(gate.read(() -> follower.failure).orElseThrow());
    } finally {
      leave(follower);
    }
  }

  private static RuntimeException thrown(Throwable failure) {
    return switch (failure) {
      case DbException e -> new DbException(e.code(), e.text(), e);
      case RuntimeException e -> e;
      default -> new DbException(ErrorCode.UNEXPECTED, "unexpected error: " + failure, failure);
    };
  }

  private void join(Follower follower) {
    Position here = follower.shard.position();
    Optional<Reading> begun =
        gate.change(() -> {
          Optional<Reading> nearest = nearest(here);
          Reading joined = nearest.orElseGet(() -> begin(here));
          joined.followers.add(follower);
          return nearest.isPresent() ? Optional.empty() : Optional.of(joined);
        });
    begun.ifPresent(this::start);
  }

  /// Under the gate. The reading furthest on that has handed over nothing after `here`.
  private Optional<Reading> nearest(Position here) {
    return readings.stream()
        .filter(reading -> here.isAtOrAfter(reading.position))
        .max(Comparator.comparingLong(reading -> reading.position.offset()));
  }

  /// Under the gate.
  private Reading begin(Position here) {
    Reading reading = new Reading(here);
    readings.add(reading);
    return reading;
  }

  private void start(Reading begun) {
    Task task = run.fork("follow-log-" + log, () -> read(begun));
    boolean late =
        gate.change(() -> {
          begun.task = task;
          return begun.stopped;
        });
    if (late) {
      task.cancel();
    }
  }

  private void leave(Follower follower) {
    List<Task> idle =
        gate.change(() -> {
          List<Task> tasks = new ArrayList<>();
          for (Reading reading : List.copyOf(readings)) {
            reading.followers.remove(follower);
            if (reading.followers.isEmpty()) {
              stop(reading);
              Optional.ofNullable(reading.task).ifPresent(tasks::add);
            }
          }
          return tasks;
        });
    idle.forEach(Task::cancel);
  }

  /// Under the gate.
  private void stop(Reading reading) {
    reading.stopped = true;
    readings.remove(reading);
  }

  private void read(Reading mine) {
    try {
      for (int failures = 1; !isStopped(mine); failures++) {
        try {
          readFrom(mine, leap(mine));
          failures = 0;
        } catch (DbException e) {
          pauseOrThrow(failures, e);
        }
      }
    } catch (RuntimeException | OutOfMemoryError e) { // direct memory: the JVM lives on
      gate.change(() -> {
        stop(mine);
        mine.followers.forEach(follower -> follower.failure = Optional.of(e));
      });
    }
  }

  private void pauseOrThrow(int failures, DbException e) {
    if (e.kind() != ErrorKind.NOT_READY) {
      throw e;
    }
    if (Integer.bitCount(failures) == 1) {
      logger.warn("log cannot be read log={} failures={}", log, failures, e);
    }
    run.sleep(AGAIN.pause(failures, run.random()));
  }

  private boolean isStopped(Reading mine) {
    return gate.read(() -> mine.stopped);
  }

  /// Passes over what all its shards have: whoever comes from now on and lacks some of that needs another reading.
  private Position leap(Reading mine) {
    return gate.change(() -> {
      mine.position = lowest(mine);
      return mine.position;
    });
  }

  /// Reads on, until all shards have jumped ahead to a checkpoint, or go on by another reading.
  private void readFrom(Reading mine, Position from) {
    try (WalReader reader = wal.tail(log, from)) {
      while (!gate.read(() -> mine.stopped || mine.position.isBefore(lowest(mine)))) {
        Position start = reader.position();
        List<WalRecord> batch = reader.poll(Deadline.NEVER);
        handOver(mine, batch, reader.position());
        gate.change(() -> mergeIfMet(mine, start));
      }
    }
  }

  /// Under the gate. Where the shard that is furthest behind stands.
  private static Position lowest(Reading mine) {
    return mine.followers.stream()
        .filter(follower -> follower.failure.isEmpty())
        .map(follower -> follower.shard.position())
        .reduce((a, b) -> a.isBefore(b) ? a : b)
        .orElse(mine.position);
  }

  private void handOver(Reading mine, List<WalRecord> batch, Position end) {
    List<Follower> followers =
        gate.change(() -> {
          mine.position = end;
          return mine.followers.stream().filter(follower -> follower.failure.isEmpty()).toList();
        });
    Map<ShardId, List<WalRecord>> records =
        byShard(batch, followers.stream().map(f -> f.shard.id()).collect(Collectors.toSet()));
    for (Follower follower : followers) {
      try {
        follower.shard.apply(records.getOrDefault(follower.shard.id(), List.of()), end);
      } catch (RuntimeException | OutOfMemoryError e) {
        gate.change(() -> follower.failure = Optional.of(e));
      }
    }
  }

  private static Map<ShardId, List<WalRecord>> byShard(List<WalRecord> batch, Set<ShardId> shards) {
    Map<ShardId, List<WalRecord>> records = new HashMap<>();
    for (WalRecord record : batch) {
      RecordCodec.find(record.bytes())
          .map(RecordHeader::shard)
          .filter(shards::contains)
          .ifPresent(shard -> records.computeIfAbsent(shard, _ -> new ArrayList<>()).add(record));
    }
    return records;
  }

  /// Under the gate, after a batch that began at `start`. Its shards lack nothing of what a reading handed over that
  /// stands within the batch: they go on by that one. To one that is farther behind they do not go back.
  private boolean mergeIfMet(Reading mine, Position start) {
    Optional<Reading> met =
        readings.stream()
            .filter(other -> other != mine && mine.position.isAtOrAfter(other.position))
            .filter(other -> other.position.isAtOrAfter(start))
            .max(Comparator.comparingLong(other -> other.position.offset()))
            .filter(_ -> !mine.stopped);
    met.ifPresent(other -> {
      other.followers.addAll(mine.followers);
      mine.followers.clear();
      stop(mine);
    });
    return met.isPresent();
  }

  /// The followers of a node's logs, made when first asked for.
  static final class All {
    private final Run run;
    private final Wal wal;
    private final Map<LogId, LogFollower> followers = new ConcurrentHashMap<>();

    All(Run run, Wal wal) {
      this.run = run;
      this.wal = wal;
    }

    LogFollower of(LogId log) {
      return followers.computeIfAbsent(log, id -> new LogFollower(run, wal, id));
    }
  }
}
