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
import io.elanus.standalone.rebuild.FoundLog.Traces;
import java.util.Map;
import java.util.TreeMap;

/// Reads a log from its start to where it ended when the reading began. Nobody writes meanwhile.
final class LogSurvey {
  private final LogId log;
  private final Map<CollectionId, Traces> collections = new TreeMap<>();
  private long maxTimestamp;
  private long unreadable;

  private LogSurvey(LogId log) {
    this.log = log;
  }

  static FoundLog read(Wal wal, LogId log) {
    Position start = wal.start(log);
    Position end = wal.end(log);
    LogSurvey survey = new LogSurvey(log);
    try (WalReader reader = wal.tail(log, start)) {
      while (reader.position().isBefore(end)) {
        reader.poll(Deadline.NEVER).forEach(survey::add);
      }
    }
    return new FoundLog(
        log, start, end, survey.maxTimestamp, survey.unreadable, survey.collections);
  }

  private void add(WalRecord record) {
    try {
      RecordHeader header = RecordCodec.peek(record.bytes());
      maxTimestamp = Math.max(maxTimestamp, header.timestamp());
      collections.merge(header.shard().collection(), traces(header, record), Traces::and);
    } catch (DbException e) {
      if (e.code() != ErrorCode.CORRUPT) {
        throw e;
      }
      unreadable++;
    }
  }

  /// Only control records are decoded whole; there are few.
  private static Traces traces(RecordHeader header, WalRecord record) {
    boolean drops =
        header.ddlSequence() > 0
            && RecordCodec.decode(record.bytes()) instanceof LogRecord.DropCollection;
    return new Traces(1, header.ddlSequence(), drops);
  }
}
