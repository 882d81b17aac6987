package io.elanus.datanode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.manifest.ManifestEdit;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.run.Ticker;
import io.elanus.common.run.Turn;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Owns one log: one thread reads it into an [OwnedLog], others bring flushes that were asked for, and
/// edits. All of that happens under one turn, so each step sees a whole state.
///
/// Any failure that leaves doubt ends in starting over from what is committed: restart is the recovery path.
/// An owner that learns that the log is somebody else's ends at once.
///
/// It needs no lease to be safe. Paused for however long, it may believe that it owns the log; but manifests
/// and floors are committed on the condition that the `owner/` entry is still its own, what it trims
/// lies below a floor that was committed ([LogFloor]), and all else it writes are objects under fresh
/// keys that nobody names. The lease of the node only says when others take over.
final class LogOwner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogOwner.class);
  private static final Backoff RESTART =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

  /// Waiting for the turn: a flush that is under way may take that long.
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Waiting for the turn, of somebody who only looks.
  private static final Duration STATUS_PATIENCE = Duration.ofSeconds(2);

  /// Flushes that are asked for wake the flusher; the reader does all others.
  private static final Duration UNASKED = Duration.ofHours(1);

  private final Run run;
  private final MetaStore meta;
  private final Wal wal;
  private final Ownership ownership;
  private final OwnedLog owned;
  private final Turn turn;
  private final Gate gate;
  private final LogLag lag;
  private volatile TailCounts tails = TailCounts.NONE;

  // guarded by gate
  private final Map<ShardId, Position> asked = new TreeMap<>();
  private Optional<Position> applied = Optional.empty();
  private Optional<WalReader> reading = Optional.empty();
  private Optional<RuntimeException> doubt = Optional.empty();
  private String failure = "";
  private boolean lost;
  private boolean closed;

  private final Ticker flusher;
  private final Task follower;

  LogOwner(Run run, MetaStore meta, Wal wal, Ownership ownership, OwnedLog owned) {
    this.run = run;
    this.meta = meta;
    this.wal = wal;
    this.ownership = ownership;
    this.owned = owned;
    this.turn = new Turn(run, "log " + ownership.log());
    this.gate = run.gate();
    this.lag = new LogLag(run);
    this.flusher =
        Ticker.start(run, "flush-log-" + ownership.log(), UNASKED, () -> turn.take(this::flushDue));
    this.follower = run.fork("log-owner-" + ownership.log(), this::own);
  }

  Ownership ownership() {
    return ownership;
  }

  /// Notes that `shard` is to be flushed up to `position`: now, or when the log is applied that far.
  ///
  /// The position may be that of a barrier, beyond the last record: a reader sleeps over the barriers of
  /// others, and passes those that were asked for beside it.
  void flushUpTo(ShardId shard, Position position) {
    gate.change(() -> asked.merge(shard, position, (a, b) -> a.isAtOrAfter(b) ? a : b));
    flusher.wake();
    wal.end(ownership.log());
  }

  /// Flushes everything up to the end the log has now, so that who takes it over has little to read.
  ///
  /// @throws DbException `TIMEOUT`, or what kept it
  void flushAll(Deadline deadline) {
    awaitApplied(wal.end(ownership.log()), deadline);
    turn.take(
        deadline,
        () -> {
          requireStarted();
          return startOverInDoubt(() -> {
            owned.flushAll();
            return true;
          });
        });
  }

  /// Commits `edit`, together with nothing else, on top of the shard's newest manifest.
  EditOutcome submit(ManifestEdit edit) {
    return turn.take(
        Deadline.after(run, PATIENCE),
        () -> {
          requireStarted();
          return startOverInDoubt(() -> owned.edit(edit));
        });
  }

  /// As [OwnedLog#fence].
  ShardPointer fence(ShardId shard, long oldestReadable, long fence) {
    return turn.take(
        Deadline.after(run, PATIENCE),
        () -> {
          requireStarted();
          return startOverInDoubt(() -> owned.fence(shard, oldestReadable, fence));
        });
  }

  /// Rows of the collection's shards in this log that are in no segment yet, of all that were acknowledged
  /// before this call.
  long unflushedRows(CollectionId collection, Optional<PartitionId> partition, Deadline deadline) {
    awaitApplied(wal.end(ownership.log()), deadline);
    return turn.take(
        deadline,
        () -> {
          requireStarted();
          return owned.unflushedRows(collection, partition);
        });
  }

  /// As far as it can be told without waiting for long.
  LogStatus status() {
    Optional<Position> position = gate.read(() -> applied);
    String trouble = gate.read(() -> failure);
    try {
      return turn.take(
          Deadline.after(run, STATUS_PATIENCE),
          () -> LogStatus.of(ownership, position, owned, trouble));
    } catch (DbException e) {
      if (e.code() != ErrorCode.TIMEOUT) {
        throw e;
      }
      return LogStatus.busy(ownership, position, trouble);
    }
  }

  /// How far this is behind its log. Does not wait.
  Duration lag() {
    return gate.read(() -> lost || closed) ? Duration.ZERO : lag.now();
  }

  /// What was held after the last step. Does not wait.
  TailCounts tails() {
    return tails;
  }

  /// Whether the log cannot be read, or flushed. Does not wait.
  boolean isFailing() {
    return tails.putOff() || gate.read(() -> !failure.isEmpty() && !lost && !closed);
  }

  @Override
  public void close() {
    gate.change(() -> closed = true);
    flusher.close();
    follower.cancel();
    follower.awaitEnd();
  }

  private void own() {
    for (int failures = 1; !isClosed(); failures++) {
      long began = run.nanoTime();
      try {
        follow();
        failures = 0;
      } catch (RuntimeException | OutOfMemoryError e) { // direct memory: the JVM lives on
        if (isClosed() || isLost(e)) {
          return;
        }
        failures = run.nanoTime() - began > PATIENCE.toNanos() ? 1 : failures;
        startOverAfter(e, failures);
      }
    }
  }

  private void startOverAfter(Throwable error, int failures) {
    gate.change(() -> failure = String.valueOf(error.getMessage()));
    if (error instanceof DbException e && e.kind() == ErrorKind.CORRUPT) {
      log.error("log cannot be read log={}", ownership.log(), e);
    } else {
      log.warn("log owner starts over log={} epoch={}", ownership.log(), ownership.epoch(), error);
    }
    run.sleep(RESTART.pause(failures, run.random()));
  }

  /// Whether the log is somebody else's by now, who may have trimmed it too. A refused commit may also mean
  /// that an earlier one of this owner, given up as unknown, has landed since.
  private boolean isLost(Throwable error) {
    boolean telling =
        error instanceof DbException e
            && (e.code() == ErrorCode.LEADERSHIP_LOST || e.kind() == ErrorKind.CORRUPT);
    if (!telling) {
      return false;
    }
    try {
      if (ownership.isHeld(meta)) {
        return false;
      }
      gate.change(() -> lost = true);
      log.info("log lost log={} epoch={}", ownership.log(), ownership.epoch());
      return true;
    } catch (DbException unreachable) {
      log.debug("owner of log {} not known", ownership.log(), unreachable);
      return false;
    }
  }

  /// Starts from what is committed and follows the log until something fails, or something that was set
  /// aside is to be tried again.
  private void follow() {
    gate.change(() -> doubt = Optional.empty());
    Position from = turn.take(Deadline.NEVER, this::recover);
    log.info("log owned log={} epoch={} from={}", ownership.log(), ownership.epoch(), from);
    try (WalReader reader = wal.tail(ownership.log(), from)) {
      gate.change(() -> {
        applied = Optional.of(from);
        reading = Optional.of(reader);
        failure = "";
      });
      turn.take(this::flushDue);
      boolean goesOn = true;
      while (!isClosed() && goesOn) {
        goesOn = step(reader);
      }
    } finally {
      lag.held();
      gate.change(() -> {
        applied = Optional.empty();
        reading = Optional.empty();
      });
    }
  }

  /// Under the turn.
  private Position recover() {
    Position from = owned.recover();
    tails = TailCounts.of(owned);
    return from;
  }

  /// @return false when this has to start over
  private boolean step(WalReader reader) {
    return switch (turn.take(Deadline.NEVER, owned::next)) {
      case OwnedLog.Next.Read(Deadline look) -> {
        read(reader, look);
        yield true;
      }
      case OwnedLog.Next.Wait(Deadline look) -> {
        run.sleep(look.remaining(run));
        throwDoubt();
        turn.take(this::flushDue);
        yield true;
      }
      case OwnedLog.Next.StartOver _ -> false;
    };
  }

  private void read(WalReader reader, Deadline look) {
    lag.polls();
    List<WalRecord> batch = poll(reader, look);
    lag.read(batch);
    turn.take(() -> {
      owned.apply(batch, reader.position());
      lag.applied(batch);
      tails = TailCounts.of(owned);
      flushDue();
    });
    gate.change(() -> applied = Optional.of(reader.position()));
  }

  /// What somebody else's thread left in doubt closes the reader.
  private List<WalRecord> poll(WalReader reader, Deadline deadline) {
    try {
      List<WalRecord> batch = reader.poll(deadline);
      throwDoubt();
      return batch;
    } catch (DbException e) {
      throwDoubt();
      throw e;
    }
  }

  private void throwDoubt() {
    Optional<RuntimeException> found = gate.read(() -> doubt);
    if (found.isPresent()) {
      throw found.get();
    }
  }

  /// Under the turn.
  private void flushDue() {
    if (gate.read(() -> applied).isEmpty()) {
      return;
    }
    Map<ShardId, Position> wanted = gate.read(() -> new TreeMap<>(asked));
    Map<ShardId, Position> done = startOverInDoubt(() -> owned.flushDue(wanted));
    tails = TailCounts.of(owned);
    gate.change(() -> done.forEach(asked::remove));
  }

  private <T> T startOverInDoubt(Supplier<T> change) {
    try {
      return change.get();
    } catch (RuntimeException e) {
      if (OwnedLog.leavesDoubt(e)) {
        gate.change(
                () -> {
                  doubt = Optional.of(e);
                  applied = Optional.empty();
                  return reading;
                })
            .ifPresent(WalReader::close);
      }
      throw e;
    }
  }

  private void awaitApplied(Position end, Deadline deadline) {
    boolean reached =
        gate.await(
            () -> closed || lost || applied.filter(p -> reaches(p, end)).isPresent(), deadline);
    if (!reached) {
      throw ErrorCode.TIMEOUT.because("timeout waiting for log %s to be applied", ownership.log());
    }
    requireStarted();
  }

  private static boolean reaches(Position position, Position end) {
    return position.incarnation() == end.incarnation() && position.isAtOrAfter(end);
  }

  private void requireStarted() {
    if (gate.read(() -> lost || closed)) {
      throw ErrorCode.NODE_NOT_MATCH.because("log %s is owned elsewhere", ownership.log());
    }
    if (gate.read(() -> applied).isEmpty()) {
      throw ErrorCode.SERVICE_NOT_READY.because("log %s is being taken up", ownership.log());
    }
  }

  private boolean isClosed() {
    return gate.read(() -> closed);
  }
}
