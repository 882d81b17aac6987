package io.elanus.adapters.kafka;

import io.elanus.common.error.DbException;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Wal.WalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/// The newest records of one log, for all readers of this process that follow its end. While there is one,
/// [TailPump] feeds it; a reader that is too slow for it catches up apart.
///
/// ```
///          from ........................ seen
///   - - - - | r  r  b  r  r  b  r  b  b |        r: record, b: barrier, known and not kept
/// ```
/// A batch without records wakes nobody, unless it passes an end that this process has asked for.
final class LogTail {
  private static final int MAX_RECORDS = 4096;
  private static final long MAX_BYTES = 4 << 20;

  private final LogId log;
  private final Gate gate;

  // guarded by gate
  private final TreeMap<Long, WalRecord> records = new TreeMap<>();
  private long bytes;
  private long from;
  private long seen;
  private long asked = -1;
  private int readers;
  private int round;
  private Optional<DbException> failure = Optional.empty();

  LogTail(Run run, LogId log) {
    this.log = log;
    this.gate = run.gate();
  }

  /// What a reader at some offset meets.
  sealed interface Look {
    /// @param next where to go on
    record Records(List<WalRecord> records, long next) implements Look {}

    /// No records, up to an end that somebody waits for.
    record Passed(long next) implements Look {}

    /// The tail begins later.
    record Behind(long from) implements Look {}

    /// All that was seen is read.
    record Nothing(long next) implements Look {}
  }

  /// One following of the log: where it goes on, and which it is, so that a batch for another is told
  /// apart.
  record Round(int number, long seen) {}

  LogId log() {
    return log;
  }

  /// One more reader. The first makes the tail begin at `end`.
  void join(long end) {
    gate.change(() -> {
      if (readers == 0 || failure.isPresent()) {
        restart(end);
      }
      readers++;
    });
  }

  private void restart(long end) {
    records.clear();
    bytes = 0;
    from = end;
    seen = end;
    round++;
    failure = Optional.empty();
  }

  void leave() {
    gate.change(() -> {
      readers--;
      if (readers == 0) {
        records.clear();
        bytes = 0;
      }
    });
  }

  /// Empty when nobody reads.
  Optional<Round> round() {
    return gate.read(() ->
        readers > 0 && failure.isEmpty() ? Optional.of(new Round(round, seen)) : Optional.empty());
  }

  /// Somebody in this process waits until readers are at `end`.
  void ask(long end) {
    if (gate.read(() -> asked < end)) {
      gate.change(() -> asked = Math.max(asked, end));
    }
  }

  /// What the pump read.
  ///
  /// @param ofRound the following it is of; one for an earlier is dropped
  void add(int ofRound, Batch batch) {
    if (gate.read(() -> ofRound == round && readers > 0 && take(batch))) {
      wake();
    }
  }

  /// @return whether somebody has to be woken
  private boolean take(Batch batch) {
    for (WalRecord record : batch.records()) {
      records.put(record.position().offset(), record);
      bytes += record.bytes().length;
    }
    boolean passesAsked = seen < asked && asked <= batch.next();
    seen = batch.next();
    forgetOldest(batch.records().size());
    return passesAsked || !batch.records().isEmpty();
  }

  /// What came last is kept, however much it is.
  private void forgetOldest(int newest) {
    while (records.size() > newest && (records.size() > MAX_RECORDS || bytes > MAX_BYTES)) {
      WalRecord oldest = records.pollFirstEntry().getValue();
      bytes -= oldest.bytes().length;
      from = oldest.next().offset();
    }
  }

  /// Waits for something to say to a reader at `offset`.
  ///
  /// @param told where whoever reads by it believes it to be: barriers may have been passed without a word
  /// @throws DbException what ended the following; `CANCELED`
  Look look(long offset, long told, BooleanSupplier stop, Deadline deadline) {
    gate.await(() -> stop.getAsBoolean() || failure.isPresent() || isMet(offset, told), deadline);
    return gate.read(() -> {
      failure.ifPresent(e -> {
        throw new DbException(e.code(), e.text(), e);
      });
      return see(offset, told);
    });
  }

  /// Waits until the log is seen up to `offset`.
  void awaitSeen(long offset, BooleanSupplier stop, Deadline deadline) {
    gate.await(() -> stop.getAsBoolean() || failure.isPresent() || seen >= offset, deadline);
  }

  private boolean isMet(long offset, long told) {
    return offset < from || hasRecordFrom(offset) || (told < asked && asked <= seen);
  }

  private boolean hasRecordFrom(long offset) {
    return !records.isEmpty() && records.lastKey() >= offset;
  }

  private Look see(long offset, long told) {
    if (offset < from) {
      return new Look.Behind(from);
    }
    if (hasRecordFrom(offset)) {
      return new Look.Records(new ArrayList<>(records.tailMap(offset).values()), seen);
    }
    long next = Math.max(offset, seen);
    return isMet(offset, told) ? new Look.Passed(next) : new Look.Nothing(next);
  }

  /// Ends the following: all readers are told.
  void fail(DbException error) {
    gate.change(() -> failure = Optional.of(error));
  }

  void wake() {
    gate.change(() -> {});
  }
}
