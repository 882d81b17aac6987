package io.elanus.standalone.rebuild;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Deadline;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.standalone.rebuild.FoundRecords.Traces;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reads a log from its start to where it ended when the reading began, and records that were spilled from one.
/// Nobody writes meanwhile.
final class LogSurvey {
  private final Map<CollectionId, Traces> collections = new TreeMap<>();
  private long maxTimestamp;
  private long unreadable;

  private LogSurvey() {}

  static FoundLog read(Wal wal, LogId log) {
    Position start = wal.start(log);
    Position end = wal.end(log);
    LogSurvey survey = new LogSurvey();
    try (WalReader reader = wal.tail(log, start)) {
      while (reader.position().isBefore(end)) {
        reader.poll(Deadline.NEVER).forEach(survey::add);
      }
    }
    return new FoundLog(log, start, end, survey.found());
  }

  static FoundRecords of(List<WalRecord> records) {
    LogSurvey survey = new LogSurvey();
    records.forEach(survey::add);
    return survey.found();
  }

  private FoundRecords found() {
    return new FoundRecords(maxTimestamp, unreadable, collections);
  }

  private void add(WalRecord record) {
    Optional<RecordHeader> header = RecordCodec.find(record.bytes());
    if (header.isEmpty()) {
      unreadable++;
      return;
    }
    maxTimestamp = Math.max(maxTimestamp, header.get().timestamp());
    collections.merge(header.get().shard().collection(), traces(header.get(), record), Traces::and);
  }

  /// Only control records are decoded whole; there are few.
  private static Traces traces(RecordHeader header, WalRecord record) {
    return new Traces(1, header.ddlSequence(), header.ddlSequence() > 0 && drops(record));
  }

  /// One of a kind that this software does not know halts its shard, not the rebuild.
  private static boolean drops(WalRecord record) {
    try {
      return RecordCodec.decode(record.bytes()) instanceof LogRecord.DropCollection;
    } catch (DbException e) {
      if (e.code() == ErrorCode.CORRUPT) {
        return false;
      }
      throw e;
    }
  }
}
