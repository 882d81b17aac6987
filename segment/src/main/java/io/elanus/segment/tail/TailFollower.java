package io.elanus.segment.tail;

import io.elanus.common.error.DbException;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.MarkPoint;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.segment.tail.Verdict.Applied;
import io.elanus.segment.tail.Verdict.Ignored;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A shard's [ShardSequencer] and [Tail], which follow its log together, at its owner and at its leader.
///
/// A record that cannot be applied halts the shard: bytes that this version cannot read, a kind it does not
/// know, a control record that does not follow the one before, columns that do not fit the schema.
/// Nothing of such a record takes effect, and nothing after it; it is never skipped. A checkpoint beyond
/// it, made by software that could apply it, ends the halt.
///
/// Owned by the thread that reads the log; [#view] is for any thread.
public final class TailFollower {
  private static final int[] NO_ROWS = {};

  private final Tail tail;
  private final long keyField;
  private final PartialVerdicts verdicts = new PartialVerdicts();
  private RecordFit fit;
  private ShardSequencer sequencer;

  /// The place behind each Mark that no checkpoint covers yet.
  private final Map<Long, Position> metMarks = new HashMap<>();

  private volatile Optional<Halt> halt = Optional.empty();

  /// Of a shard that was covered up to `checkpoint`.
  public TailFollower(CollectionSchema schema, Checkpoint checkpoint) {
    this.fit = new RecordFit(schema);
    this.tail = new Tail(schema, checkpoint);
    this.keyField = schema.primaryKey().id();
    this.sequencer = new ShardSequencer(checkpoint, keyField);
  }

  /// Takes the shard's next record as it came from the log.
  ///
  /// @return what it means; empty when the shard is halted, by this record or an earlier one
  public Optional<Verdict> take(WalRecord raw) {
    if (halt.isPresent()) {
      return Optional.empty();
    }
    LogRecord record;
    Verdict verdict;
    try {
      record = RecordCodec.decode(raw.bytes());
      fit.require(record);
      verdict = sequencer.accept(record);
    } catch (DbException e) {
      halt = Optional.of(new Halt(raw.position(), e.text()));
      return Optional.empty();
    }
    bring(raw.next(), record, verdict);
    return Optional.of(verdict);
  }

  /// Takes the shard's next record, which fits its schema.
  ///
  /// @param next the position after it
  /// @throws DbException `CORRUPT` when a control record is missing before this one
  public Verdict apply(Position next, LogRecord record) {
    Verdict verdict = sequencer.accept(record);
    bring(next, record, verdict);
    return verdict;
  }

  private void bring(Position next, LogRecord record, Verdict verdict) {
    verdicts.note(record, verdict);
    switch (verdict) {
      case Applied applied -> {
        tail.apply(next, effective(record), applied.version());
        if (record instanceof LogRecord.AddField) {
          fit = new RecordFit(tail.view().schema());
        }
      }
      case Ignored _ -> {
        if (record instanceof LogRecord.Mark mark) {
          metMarks.putIfAbsent(mark.mark(), next);
        }
        tail.pass(next);
      }
    }
  }

  /// What of `record` takes effect: rows of a dropped partition do not, what an upsert replaces goes all
  /// the same.
  private LogRecord effective(LogRecord record) {
    if (record instanceof LogRecord.Insert(var header, var partition, var rows)
        && sequencer.isDropped(partition)) {
      return new LogRecord.Insert(header, partition, rows.select(NO_ROWS));
    }
    if (record
            instanceof LogRecord.Upsert(var header, var partition, var replaced, var rows, var at)
        && sequencer.isDropped(partition)) {
      return new LogRecord.Upsert(header, partition, replaced, rows.select(NO_ROWS), at);
    }
    return record;
  }

  /// Knows the fields of `schema`, too. Before going on from a checkpoint that covers records which were not
  /// read here: a field may have been added by one of them.
  public void adopt(CollectionSchema schema) {
    tail.adopt(schema);
    fit = new RecordFit(tail.view().schema());
  }

  /// Passes records of other shards, up to `position`; a halted shard stays where it is.
  public void pass(Position position) {
    boolean passed = tail.view().position().isAtOrAfter(position);
    if (!passed && halt.isEmpty()) {
      tail.pass(position);
    }
  }

  /// Forgets what a manifest with this checkpoint covers; goes on from there when it was behind.
  public void dropBefore(Checkpoint checkpoint) {
    if (tail.view().position().isBefore(checkpoint.position())) {
      sequencer = new ShardSequencer(checkpoint, keyField);
    }
    forgetMarks(checkpoint);
    sequencer.forgetBelow(checkpoint.horizon());
    halt = halt.filter(h -> h.at().isAtOrAfter(checkpoint.position()));
    tail.dropBefore(checkpoint);
  }

  /// What is before the checkpoint and not in it is pinned no more.
  private void forgetMarks(Checkpoint checkpoint) {
    metMarks.values().removeIf(checkpoint.position()::isAtOrAfter);
    Set<Long> pinned = checkpoint.marks().stream().map(MarkPoint::mark).collect(Collectors.toSet());
    sequencer.retainMarks(mark -> metMarks.containsKey(mark) || pinned.contains(mark));
  }

  /// The tail now.
  public TailView view() {
    return tail.view();
  }

  /// Whether a partial upsert took effect that the log has before where this follower stands; empty when that was
  /// long ago. One that was not met here is judged by the checkpoint that covers it. By whoever follows.
  public Optional<Boolean> tookEffect(long writer, long sequence) {
    return verdicts.find(writer, sequence).or(() -> sequencer.tookEffect(writer, sequence));
  }

  /// Where and why the shard stands still, if it does. Any thread.
  public Optional<Halt> halt() {
    return halt;
  }

  /// Of the last control record that took effect.
  public long ddlSequence() {
    return sequencer.ddlSequence();
  }

  /// The effective version of the last record that took effect.
  public long version() {
    return sequencer.version();
  }

  public boolean dropped() {
    return sequencer.dropped();
  }

  /// The version of the shard as of each mark that may be asked for; never changed but replaced.
  public Map<Long, Long> marks() {
    return sequencer.marks();
  }

  /// Of a manifest that covers the log up to `position`, where this stands.
  ///
  /// @param pinned marks that somebody may read at
  public Checkpoint checkpoint(Position position, Set<Long> pinned) {
    return sequencer.checkpoint(position, pinned);
  }

  /// Of a manifest that covers the log up to `position`, where this stands.
  ///
  /// @param horizon see [Checkpoint]
  public Checkpoint checkpoint(Position position, long horizon) {
    return sequencer.checkpoint(position, horizon);
  }
}
