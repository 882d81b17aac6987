package io.elanus.common.wal;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;

/// What every implementation of [Wal] refuses, in the same words.
public final class WalLimits {
  private WalLimits() {}

  public static void check(LogId log, int logCount) {
    if (log.value() < 0 || log.value() >= logCount) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "there is no log %s: logs are numbered 0 to %d", log, logCount - 1);
    }
  }

  public static void check(byte[] record, int maxRecordBytes) {
    if (record.length == 0) {
      throw ErrorCode.INVALID_PARAMETER.because("a log record has at least 1 byte");
    }
    if (record.length > maxRecordBytes) {
      throw ErrorCode.PARAMETER_TOO_LARGE.because(
          "a log record of %d bytes exceeds the limit of %d", record.length, maxRecordBytes);
    }
  }

  /// @throws DbException `CORRUPT` unless `position` lies in the log that reaches from `start` to
  ///     `end`
  public static void checkInside(LogId log, Position position, Position start, Position end) {
    if (position.incarnation() != end.incarnation()) {
      throw ErrorCode.CORRUPT.because(
          "position %s is of another incarnation of log %s, which is %x now",
          position, log, end.incarnation());
    }
    if (position.isBefore(start) || end.isBefore(position)) {
      throw ErrorCode.CORRUPT.because(
          "position %s lies outside log %s, which reaches from %s to %s",
          position, log, start, end);
    }
  }

  public static DbException closed(LogId log) {
    return ErrorCode.LOG_FAILED.because("log %s is closed", log);
  }
}
