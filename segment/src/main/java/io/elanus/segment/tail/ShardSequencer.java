package io.elanus.segment.tail;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Expiry;
import io.elanus.common.manifest.MarkPoint;
import io.elanus.common.manifest.WriterWindow;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.wal.Position;
import io.elanus.segment.tail.Verdict.Applied;
import io.elanus.segment.tail.Verdict.Ignored;
import io.elanus.segment.tail.Verdict.Reason;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/// What every consumer of a shard derives alike from its records: the effective version of each,
/// which are repeats, which control records count.
///
/// - `e = max(previous e + 1, timestamp)` for each record that takes effect; others take none.
/// - A repeat is a (writer, sequence) met before. Of each writer the last [WriterWindow#SIZE]
///   sequences are remembered, and lower ones count as met.
/// - The last [#MAX_WRITERS] writers are remembered. Who wrote least recently is forgotten for a new
///   one, in the order of the log: no clock has a say (docs/decisions/0012).
/// - A control record counts if it is the next of its collection; a gap halts the shard, and so does an import that is
///   not in the checkpoint. An expiry counts if it
///   reaches further than all before it.
/// - A partial upsert takes effect if none of its keys may have been written since it read ([WriteSlots]).
/// - Rows for a partition whose drop came before are none: a proxy may have sent them before it heard of the
///   drop. The last [#MAX_DROPPED_PARTITIONS] dropped ones are remembered.
/// - A Mark stands for the version before it; the first one of a mark counts.
///
/// Everything it knows is in the [Checkpoint], so that a consumer that starts at one goes on the
/// same. Owned by the thread that reads the log.
public final class ShardSequencer {
  /// More than proxies can be started and write to one shard while an append is on its way; few enough
  /// that they take 32 KiB of a manifest. Part of the protocol: all consumers of all versions use the
  /// same.
  public static final int MAX_WRITERS = 1_024;

  /// More than are dropped while a proxy stands still between its last question and its append. Part of the
  /// protocol, too.
  public static final int MAX_DROPPED_PARTITIONS = 4_096;

  private final SequencedSet<PartitionId> droppedPartitions = new LinkedHashSet<>();
  private final Map<Long, WriterWindow> writers = new HashMap<>();
  private final WriteSlots slots;
  private final long keyField;
  private long version;
  private long ddlSequence;
  private boolean dropped;
  private Expiry expiry;

  /// Version by mark; never changed but replaced.
  private Map<Long, Long> marks = Map.of();

  /// @param keyField id of the field with the primary keys
  public ShardSequencer(Checkpoint checkpoint, long keyField) {
    this.keyField = keyField;
    slots = new WriteSlots(checkpoint.writeSlots());
    version = checkpoint.version();
    ddlSequence = checkpoint.ddlSequence();
    dropped = checkpoint.dropped();
    droppedPartitions.addAll(checkpoint.droppedPartitions());
    expiry = checkpoint.expiry();
    checkpoint.marks().forEach(point -> put(point.mark(), point.version()));
    checkpoint.writers().forEach(window -> writers.put(window.writer(), window));
  }

  /// Takes the shard's next record.
  ///
  /// @throws DbException `CORRUPT` when control records are missing before this one, or imported rows: the shard must
  ///     halt
  public Verdict accept(LogRecord record) {
    if (record instanceof LogRecord.Barrier) {
      return new Ignored(Reason.BARRIER);
    }
    if (dropped) {
      return new Ignored(Reason.DROPPED);
    }
    return switch (record) {
      case LogRecord.Insert _, LogRecord.Upsert _, LogRecord.Delete _ -> acceptRows(record);
      case LogRecord.DropCollection _,
          LogRecord.Truncate _,
          LogRecord.DropPartition _,
          LogRecord.AddField _,
          LogRecord.ImportCommit _,
          LogRecord.Rename _ ->
          acceptControl(record);
      case LogRecord.Expire expire -> acceptExpiry(expire);
      case LogRecord.Mark mark -> acceptMark(mark);
      case LogRecord.Barrier _ -> new Ignored(Reason.BARRIER);
    };
  }

  /// The effective version of the last record that took effect.
  public long version() {
    return version;
  }

  public boolean dropped() {
    return dropped;
  }

  /// The version by each mark that may be asked for.
  public Map<Long, Long> marks() {
    return marks;
  }

  /// Whether a record with rows took effect that the log has before where this consumer stands; empty when its
  /// writer has written too much since, or is not remembered. A refused one is not met.
  Optional<Boolean> tookEffect(long writer, long sequence) {
    WriterWindow window = writers.get(writer);
    if (window == null || window.newest() - sequence >= WriterWindow.SIZE) {
      return Optional.empty();
    }
    long age = window.newest() - sequence;
    return Optional.of(age >= 0 && (window.met() >>> age & 1) != 0);
  }

  /// All of this, for a manifest that covers the log up to `position`, where this consumer stands. Its horizon is
  /// the newest version, or that of the oldest mark that is pinned.
  ///
  /// ```
  ///  e       10 11 12 13 14 15          pinned: T2, T3
  ///  marks      T1    T2 T3
  ///                   ^ horizon
  /// ```
  /// @param pinned marks that somebody may read at; those that were not met yet come later in the log
  public Checkpoint checkpoint(Position position, Set<Long> pinned) {
    long horizon = version;
    for (Map.Entry<Long, Long> mark : marks.entrySet()) {
      if (pinned.contains(mark.getKey())) {
        horizon = Math.min(horizon, mark.getValue());
      }
    }
    return checkpoint(position, horizon, pinned::contains);
  }

  /// As if all marks from `horizon` on were pinned.
  ///
  /// @param horizon see [Checkpoint]
  public Checkpoint checkpoint(Position position, long horizon) {
    return checkpoint(position, horizon, _ -> true);
  }

  private Checkpoint checkpoint(Position position, long horizon, LongPredicate pinned) {
    List<WriterWindow> windows =
        writers.values().stream().sorted(Comparator.comparingLong(WriterWindow::writer)).toList();
    return new Checkpoint(
        position,
        version,
        ddlSequence,
        horizon,
        dropped,
        windows,
        List.copyOf(droppedPartitions),
        expiry.from(horizon),
        slots.toList(),
        marks.entrySet().stream()
            .filter(mark -> mark.getValue() >= horizon && pinned.test(mark.getKey()))
            .map(mark -> new MarkPoint(mark.getKey(), mark.getValue()))
            .sorted(Comparator.comparingLong(MarkPoint::mark))
            .toList());
  }

  /// Of the last control record that counted.
  long ddlSequence() {
    return ddlSequence;
  }

  /// Whether the partition was dropped before.
  boolean isDropped(PartitionId partition) {
    return droppedPartitions.contains(partition);
  }

  /// A partial upsert that is refused is not remembered: it is refused again whenever it comes.
  private Verdict acceptRows(LogRecord record) {
    RecordHeader header = record.header();
    if (isRepeat(header)) {
      return new Ignored(Reason.REPEATED);
    }
    if (record instanceof LogRecord.Upsert upsert
        && upsert.readAt().isPresent()
        && !slots.areUnwritten(upsert.replaced(), upsert.readAt().get(), version)) {
      return new Ignored(Reason.CONFLICT);
    }
    Applied applied = applied(header);
    WriterWindow window = met(header, applied.version());
    if (writers.put(window.writer(), window) == null && writers.size() > MAX_WRITERS) {
      forgetOldestWriter();
    }
    noteKeys(record, applied.version());
    return applied;
  }

  private void noteKeys(LogRecord record, long at) {
    if (!slots.areKept()) {
      return;
    }
    if (record instanceof LogRecord.Insert insert) {
      slots.written(keys(insert.rows()), at);
    } else if (record instanceof LogRecord.Upsert upsert) {
      slots.written(upsert.replaced(), at);
      slots.written(keys(upsert.rows()), at);
    } else if (record instanceof LogRecord.Delete delete) {
      slots.written(delete.keys(), at);
    }
  }

  private KeyColumn keys(RowBatch rows) {
    return (KeyColumn) Objects.requireNonNull(rows.columns().get(keyField));
  }

  private Verdict acceptControl(LogRecord control) {
    RecordHeader header = control.header();
    long sequence = header.ddlSequence();
    if (sequence <= ddlSequence) {
      return new Ignored(Reason.STALE_CONTROL);
    }
    if (sequence != ddlSequence + 1) {
      throw ErrorCode.CORRUPT.because(
          "shard %s: control record %d follows %d", header.shard(), sequence, ddlSequence);
    }
    if (control instanceof LogRecord.ImportCommit imported && version < imported.version()) {
      throw ErrorCode.CORRUPT.because(
          "shard %s: rows up to version %d were imported, this begins with %d",
          header.shard(), imported.version(), version);
    }
    ddlSequence = sequence;
    if (control instanceof LogRecord.DropCollection) {
      dropped = true;
      writers.clear();
      droppedPartitions.clear();
      slots.clear();
    } else if (control instanceof LogRecord.DropPartition drop) {
      remember(drop.partition());
    }
    Applied applied = applied(header);
    if (control instanceof LogRecord.DropPartition || control instanceof LogRecord.Truncate) {
      slots.allWritten(applied.version());
    }
    return applied;
  }

  private void remember(PartitionId partition) {
    droppedPartitions.add(partition);
    if (droppedPartitions.size() > MAX_DROPPED_PARTITIONS) {
      droppedPartitions.removeFirst();
    }
  }

  /// Whoever comes later with less says nothing new: rows that have expired stay so. No row that follows
  /// is hit, whatever the clocks say.
  private Verdict acceptExpiry(LogRecord.Expire expire) {
    if (expire.through() <= expiry.newest()) {
      return new Ignored(Reason.STALE_CONTROL);
    }
    Applied applied = applied(expire.header());
    expiry = expiry.with(step(expire, applied.version()));
    return applied;
  }

  /// What `expire` means when it takes effect at `version`.
  static Expiry.Step step(LogRecord.Expire expire, long version) {
    return new Expiry.Step(version, Math.min(expire.through(), version - 1));
  }

  /// No read is going to ask for a version below `horizon`.
  void forgetBelow(long horizon) {
    expiry = expiry.from(horizon);
    retainMarks(mark -> marks.getOrDefault(mark, -1L) >= horizon);
  }

  /// Nobody is going to ask for other marks than these of those met so far.
  void retainMarks(LongPredicate wanted) {
    Map<Long, Long> kept = new TreeMap<>(marks);
    if (kept.keySet().removeIf(mark -> !wanted.test(mark))) {
      marks = Map.copyOf(kept);
    }
  }

  private Verdict acceptMark(LogRecord.Mark record) {
    if (!marks.containsKey(record.mark())) {
      put(record.mark(), version);
    }
    return new Ignored(Reason.MARK);
  }

  private void put(long mark, long at) {
    Map<Long, Long> more = new TreeMap<>(marks);
    more.put(mark, at);
    marks = Map.copyOf(more);
  }

  private Applied applied(RecordHeader header) {
    version = Math.max(version + 1, header.timestamp());
    return new Applied(version);
  }

  private boolean isRepeat(RecordHeader header) {
    WriterWindow window = writers.get(header.writer());
    if (window == null || header.sequence() > window.newest()) {
      return false;
    }
    long age = window.newest() - header.sequence();
    return age >= WriterWindow.SIZE || (window.met() >>> age & 1) != 0;
  }

  /// The writer's window with the sequence of `header` met, which it was not.
  private WriterWindow met(RecordHeader header, long newVersion) {
    long writer = header.writer();
    long sequence = header.sequence();
    WriterWindow window = writers.get(writer);
    if (window == null) {
      return new WriterWindow(writer, sequence, 1, newVersion);
    }
    long ahead = sequence - window.newest();
    if (ahead <= 0) {
      return new WriterWindow(writer, window.newest(), window.met() | 1L << -ahead, newVersion);
    }
    long older = ahead < WriterWindow.SIZE ? window.met() << ahead : 0;
    return new WriterWindow(writer, sequence, older | 1, newVersion);
  }

  private void forgetOldestWriter() {
    writers.values().stream()
        .min(
            Comparator.comparingLong(WriterWindow::lastVersion)
                .thenComparingLong(WriterWindow::writer))
        .ifPresent(oldest -> writers.remove(oldest.writer()));
  }
}
