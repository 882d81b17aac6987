package io.elanus.datanode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Commit;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.rpc.codec.FloorCodec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The floor of one log at its owner, and what the log may forget because of it. Used under the turn of its
/// [LogOwner].
///
/// ```
/// log   |  trimmed  |  held back for leaders that lag  |  some shard needs this
///                an old floor                        floor
/// ```
///
/// The floor is the position below which every shard's records are in its manifest or spill; who takes up
/// a shard whose manifest covers less starts there. It is committed under the owner's guard, each on top
/// of the one before, so over all owners it only grows.
///
/// A trim cannot be guarded, for a log knows no owners. It need not be: a log is trimmed only to positions
/// that were committed as its floor. Whatever a deposed owner still trims lies at or below a floor of
/// its own time, and so at or below the floor of today: nobody needs it. What it may cost is the
/// hold-back of a successor that is configured to a longer one; a leader that lags so far behind takes the
/// newest manifest.
final class LogFloor {
  private static final Logger log = LoggerFactory.getLogger(LogFloor.class);

  /// After a trim that failed: the log is there or it is not, and nothing is lost meanwhile.
  private static final Duration RETRY = Duration.ofSeconds(30);

  private final Run run;
  private final MetaStore meta;
  private final Wal wal;
  private final Duration holdBack;

  private LogId logId = new LogId(0);
  private Position position = new Position(0, 0);
  private Optional<Long> revision = Optional.empty();
  private long raisedNanoTime;

  /// Committed floors that the log was not trimmed to yet, oldest first.
  private final Deque<Trim> trims = new ArrayDeque<>();

  private record Trim(Position before, Deadline from) {}

  LogFloor(Run run, MetaStore meta, Wal wal, Duration holdBack) {
    this.run = run;
    this.meta = meta;
    this.wal = wal;
    this.holdBack = holdBack;
  }

  /// Forgets everything and takes up what is committed.
  Position recover(LogId ownedLog) {
    logId = ownedLog;
    trims.clear();
    Optional<MetaEntry> stored = meta.get(MetaKeys.floor(logId));
    revision = stored.map(MetaEntry::revision);
    position = stored.map(FloorCodec::decode).orElseGet(() -> wal.start(logId));
    raisedNanoTime = run.nanoTime();
    if (stored.isPresent()) {
      trimLater(position);
    }
    return position;
  }

  Position position() {
    return position;
  }

  /// When it was last committed or taken up, on the clock of the run.
  long raisedNanoTime() {
    return raisedNanoTime;
  }

  /// Commits `next`, if that is higher.
  ///
  /// @throws DbException `LEADERSHIP_LOST` when somebody else owns the log or has moved the floor
  void raise(Ownership ownership, Position next) {
    if (!position.isBefore(next)) {
      return;
    }
    String key = MetaKeys.floor(logId);
    Condition unchanged =
        revision
            .<Condition>map(at -> new Condition.RevisionIs(key, at))
            .orElseGet(() -> new Condition.Absent(key));
    OptionalLong committed =
        new Commit(
                "floor/%s/%d/%s".formatted(logId, ownership.epoch(), next),
                List.of(unchanged, ownership.stillHeld()),
                List.of(new Change.Put(key, FloorCodec.encode(next, ownership.epoch()))))
            .settle(run, meta);
    if (committed.isEmpty()) {
      throw ErrorCode.LEADERSHIP_LOST.because("the floor of log %s was moved", logId);
    }
    revision = Optional.of(committed.getAsLong());
    position = next;
    raisedNanoTime = run.nanoTime();
    trimLater(next);
  }

  /// Lets the log forget what has been held back for long enough.
  void trimDue() {
    Optional<Trim> due = Optional.empty();
    while (!trims.isEmpty() && trims.getFirst().from().hasPassed(run)) {
      due = Optional.of(trims.removeFirst());
    }
    due.ifPresent(this::trim);
  }

  /// When [#trimDue] has something to do.
  Deadline nextTrim() {
    return trims.isEmpty() ? Deadline.NEVER : trims.getFirst().from();
  }

  private void trimLater(Position before) {
    trims.addLast(new Trim(before, Deadline.after(run, holdBack)));
  }

  private void trim(Trim due) {
    try {
      wal.trim(logId, due.before());
      log.debug("log trimmed log={} before={}", logId, due.before());
    } catch (DbException e) {
      log.warn("log not trimmed log={} before={}", logId, due.before(), e);
      trims.addFirst(new Trim(due.before(), Deadline.after(run, RETRY)));
    }
  }
}
