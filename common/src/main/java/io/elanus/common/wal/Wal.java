package io.elanus.common.wal;

import io.elanus.common.run.Deadline;
import java.util.List;

/// The write-ahead log. One contract test suite holds for the embedded log, Kafka and the in-memory
/// twin.
///
/// Promises:
/// - An append that returned is durable and below every [#end] invoked after it returned.
/// - [#end] is linearizable, and monotonic over calls that do not overlap.
/// - Readers and `end` show durable records only, in one order that never changes.
/// - Errors: `LOG_FAILED` when an append provably did not happen; `OUTCOME_UNKNOWN` when it may
///   have; after a failed sync the log refuses everything until it is opened anew. A caller that is
///   cancelled while it waits gets `CANCELED`: its append may have happened.
/// - Appends that overlap are ordered as the log pleases; one that began after another returned
///   comes later.
/// - A log that does not exist, an empty record: `INVALID_PARAMETER`. After `close`, everything:
///   `LOG_FAILED`.
public interface Wal extends AutoCloseable {
  /// The logs there are, numbered from 0; fixed for the life of a cluster.
  int logCount();

  /// Appends one record and blocks until it is durable.
  ///
  /// @param record 1 byte to [#maxRecordBytes], else `PARAMETER_TOO_LARGE`; not changed afterwards
  ///     by the caller
  /// @return the position *of* the record: the record is read by a tail from here
  Position append(LogId log, byte[] record);

  /// A position at or after every append acknowledged before the call, which a reader reaches without a
  /// further one.
  ///
  /// It may lie beyond the last record: where only a write proves who leads a log, its end is the place of
  /// a *barrier* that this call wrote. Barriers are no records; readers pass them without a word.
  Position end(LogId log);

  /// The position of the oldest record still kept.
  Position start(LogId log);

  /// Reads from `from` on: a position that [#append], [#start], [#end] or a reader gave.
  ///
  /// @throws io.elanus.common.error.DbException `CORRUPT` when `from` lies outside the log or
  ///     belongs to another incarnation
  WalReader tail(LogId log, Position from);

  /// Lets the log forget records before `before`, which lies in the log, else `CORRUPT`; one before
  /// the start does nothing. It may keep more.
  void trim(LogId log, Position before);

  int maxRecordBytes();

  @Override
  void close();

  /// Reads one log in order. Not thread-safe.
  interface WalReader extends AutoCloseable {
    /// Waits for at least one record, until `deadline`; then an empty list. Never waits when
    /// records are there.
    ///
    /// Returns an empty list before its deadline once it has passed barriers up to a position that [Wal#end]
    /// answered in this process: somebody here waits for that. Other barriers wake nobody.
    ///
    /// @throws io.elanus.common.error.DbException `CORRUPT` when the log has forgotten the next
    ///     record; `LOG_FAILED` when the reader or the log is closed, also by another thread while
    ///     this one waits
    List<WalRecord> poll(Deadline deadline);

    /// Where the next record will be looked for: all records before it were returned. Moves by [#poll] only.
    Position position();

    @Override
    void close();
  }

  /// @param next the position to go on from after this record
  /// @param bytes shared by all readers: not to be changed
  record WalRecord(Position position, Position next, byte[] bytes) {}
}
