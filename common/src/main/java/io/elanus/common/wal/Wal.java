package io.elanus.common.wal;

import io.elanus.common.run.Deadline;
import java.util.List;

/// The write-ahead log. One contract test suite holds for the embedded log, Kafka and the in-memory twin.
///
/// Promises:
/// - An append that returned is durable and below every [#end] invoked after it returned.
/// - [#end] is linearizable, and monotonic over calls that do not overlap.
/// - Readers and `end` show durable records only, in one order that never changes.
/// - Errors: `LOG_FAILED` when an append provably did not happen; `OUTCOME_UNKNOWN` when it may have;
///   after a failed sync the log refuses every further append until it is opened anew.
public interface Wal extends AutoCloseable {
  /// The logs there are, numbered from 0; fixed for the life of a cluster.
  int logCount();

  /// Appends one record and blocks until it is durable.
  ///
  /// @param record 1 byte to [#maxRecordBytes]; not changed afterwards by the caller
  /// @return the position *of* the record: the record is read by a tail from here
  Position append(LogId log, byte[] record);

  /// The position after the last durable record.
  Position end(LogId log);

  /// The position of the oldest record still kept.
  Position start(LogId log);

  /// Reads from `from` on.
  ///
  /// @throws io.elanus.common.error.DbException `CORRUPT` when `from` lies outside the log or belongs to
  ///     another incarnation
  WalReader tail(LogId log, Position from);

  /// Lets the log forget records before `before`. It may keep more.
  void trim(LogId log, Position before);

  int maxRecordBytes();

  @Override
  void close();

  /// Reads one log in order. Not thread-safe.
  interface WalReader extends AutoCloseable {
    /// Waits for at least one record, until `deadline`; then an empty list.
    List<WalRecord> poll(Deadline deadline);

    /// Where the next record will be looked for.
    Position position();

    @Override
    void close();
  }

  /// @param next the position to go on from after this record
  record WalRecord(Position position, Position next, byte[] bytes) {}
}
