package io.elanus.segment.tail;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.WriterWindow;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.wal.Position;
import io.elanus.segment.tail.Verdict.Applied;
import io.elanus.segment.tail.Verdict.Ignored;
import io.elanus.segment.tail.Verdict.Reason;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What every consumer of a shard derives alike from its records: the effective version of each,
/// which are repeats, which control records count.
///
/// - `e = max(previous e + 1, timestamp)` for each record that takes effect; others take none.
/// - A repeat is a (writer, sequence) met before. Of each writer the last [WriterWindow#SIZE]
///   sequences are remembered, and lower ones count as met.
/// - Writers that wrote nothing for [#FORGET_AFTER], measured by the shard's versions, are
///   forgotten. So that no repeat slips through, a record with `attempt > 0` that is older than
///   that counts as met. A writer may therefore believe a repeated append only while it is younger,
///   with room to spare.
/// - A control record counts if it is the next of its collection; a gap halts the shard.
///
/// Everything it knows is in the [Checkpoint], so that a consumer that starts at one goes on the
/// same. Owned by the thread that reads the log.
public final class ShardSequencer {
  /// Ten minutes: longer than any deadline of a write, short enough that dead proxies do not pile
  /// up in manifests. Part of the protocol: all consumers of all versions use the same.
  public static final Duration FORGET_AFTER = Duration.ofMinutes(10);

  private static final long FORGET_AFTER_VERSIONS = HybridTimestamp.of(FORGET_AFTER.toMillis(), 0);

  private final Map<Long, WriterWindow> writers = new HashMap<>();
  private long version;
  private long ddlSequence;
  private boolean dropped;

  /// No writer's last timestamp is below it: spares looking at all of them for each record.
  private long oldestWriter = Long.MAX_VALUE;

  public ShardSequencer(Checkpoint checkpoint) {
    version = checkpoint.version();
    ddlSequence = checkpoint.ddlSequence();
    dropped = checkpoint.dropped();
    checkpoint.writers().forEach(this::remember);
  }

  /// Takes the shard's next record.
  ///
  /// @throws DbException `CORRUPT` when control records are missing before this one: the shard must
  ///     halt
  public Verdict accept(LogRecord record) {
    if (record instanceof LogRecord.Barrier) {
      return new Ignored(Reason.BARRIER);
    }
    if (dropped) {
      return new Ignored(Reason.DROPPED);
    }
    return switch (record) {
      case LogRecord.Insert _, LogRecord.Upsert _, LogRecord.Delete _ ->
          acceptRows(record.header());
      case LogRecord.DropCollection drop -> acceptDrop(drop);
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

  /// All of this, for a manifest that covers the log up to `position`, where this consumer stands.
  ///
  /// @param horizon see [Checkpoint]
  public Checkpoint checkpoint(Position position, long horizon) {
    List<WriterWindow> windows =
        writers.values().stream().sorted(Comparator.comparingLong(WriterWindow::writer)).toList();
    return new Checkpoint(position, version, ddlSequence, horizon, dropped, windows);
  }

  private Verdict acceptRows(RecordHeader header) {
    if (isRepeat(header)) {
      return new Ignored(Reason.REPEATED);
    }
    Verdict verdict = applied(header);
    remember(met(header));
    forgetOldWriters();
    return verdict;
  }

  private Verdict acceptDrop(LogRecord.DropCollection drop) {
    long sequence = drop.header().ddlSequence();
    if (sequence <= ddlSequence) {
      return new Ignored(Reason.STALE_CONTROL);
    }
    if (sequence != ddlSequence + 1) {
      throw ErrorCode.CORRUPT.because(
          "shard %s: control record %d follows %d", drop.header().shard(), sequence, ddlSequence);
    }
    ddlSequence = sequence;
    dropped = true;
    writers.clear();
    return applied(drop.header());
  }

  private Applied applied(RecordHeader header) {
    version = Math.max(version + 1, header.timestamp());
    return new Applied(version);
  }

  private boolean isRepeat(RecordHeader header) {
    if (header.attempt() > 0 && header.timestamp() < version - FORGET_AFTER_VERSIONS) {
      return true;
    }
    WriterWindow window = writers.get(header.writer());
    if (window == null || header.sequence() > window.newest()) {
      return false;
    }
    long age = window.newest() - header.sequence();
    return age >= WriterWindow.SIZE || (window.met() >>> age & 1) != 0;
  }

  /// The writer's window with the sequence of `header` met, which it was not.
  private WriterWindow met(RecordHeader header) {
    long writer = header.writer();
    long sequence = header.sequence();
    WriterWindow window = writers.get(writer);
    if (window == null) {
      return new WriterWindow(writer, sequence, 1, header.timestamp());
    }
    long timestamp = Math.max(window.lastTimestamp(), header.timestamp());
    long ahead = sequence - window.newest();
    if (ahead <= 0) {
      return new WriterWindow(writer, window.newest(), window.met() | 1L << -ahead, timestamp);
    }
    long older = ahead < WriterWindow.SIZE ? window.met() << ahead : 0;
    return new WriterWindow(writer, sequence, older | 1, timestamp);
  }

  private void remember(WriterWindow window) {
    writers.put(window.writer(), window);
    oldestWriter = Math.min(oldestWriter, window.lastTimestamp());
  }

  private void forgetOldWriters() {
    long limit = version - FORGET_AFTER_VERSIONS;
    if (oldestWriter >= limit) {
      return;
    }
    writers.values().removeIf(window -> window.lastTimestamp() < limit);
    oldestWriter =
        writers.values().stream()
            .mapToLong(WriterWindow::lastTimestamp)
            .min()
            .orElse(Long.MAX_VALUE);
  }
}
