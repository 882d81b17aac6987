package io.elanus.adapters.kafka;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.WalLimits;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One log: a partition of the topic.
///
/// **The end.** With one copy of each record there is one broker to ask, and its plain answer is right. With
/// several, a broker that stood still may have been replaced without knowing, and would answer what the end
/// was before. Only an acknowledged write proves the end: no in-sync replica follows a deposed leader, so its
/// writes are never acknowledged. That write is a *barrier*, an empty record; every record that was
/// acknowledged before lies before it. Nobody writes one unless somebody asks.
///
/// **Another log.** A topic that was made anew, or lost records it had acknowledged, is another log, and
/// this one stops for good ([#halt]): its shards must be looked at by a person. It is recognised by the
/// topic's id, and by an offset below one that was acknowledged before.
final class KafkaLog {
  private static final Logger logger = LoggerFactory.getLogger(KafkaLog.class);
  private static final byte[] BARRIER = {};

  private final LogId id;
  private final long incarnation;
  private final boolean replicated;
  private final LogAppender appender;
  private final KafkaCalls calls;
  private final LogTail tail;
  private final Gate gate;

  // guarded by gate
  private long acknowledgedEnd;
  private BarrierRun barriers = BarrierRun.NONE;
  private Optional<DbException> halted = Optional.empty();

  KafkaLog(
      Run run,
      LogId id,
      long incarnation,
      boolean replicated,
      LogAppender appender,
      KafkaCalls calls) {
    this.id = id;
    this.incarnation = incarnation;
    this.replicated = replicated;
    this.appender = appender;
    this.calls = calls;
    this.gate = run.gate();
    this.tail = new LogTail(run, id);
  }

  LogId id() {
    return id;
  }

  long incarnation() {
    return incarnation;
  }

  LogTail tail() {
    return tail;
  }

  Position at(long offset) {
    return new Position(incarnation, offset);
  }

  Position append(byte[] record) {
    return at(appendAt(record));
  }

  private long appendAt(byte[] record) {
    long before = gate.read(() -> acknowledgedEnd);
    requireIntact();
    long offset = appender.append(id, record);
    requireGrown(before, offset);
    gate.read(() -> acknowledgedEnd = Math.max(acknowledgedEnd, offset + 1));
    return offset;
  }

  /// An append that began after another was acknowledged comes later, unless the log is not the same.
  private void requireGrown(long before, long offset) {
    if (offset < before) {
      halt(
          "log %s answered offset %d after %d had been acknowledged: the topic was made anew or has lost"
                  .formatted(id, offset, before - 1)
              + " acknowledged records");
      requireIntact();
    }
  }

  Position end() {
    long end = replicated ? provenEnd() : plainEnd();
    tail.ask(end);
    return at(end);
  }

  private long plainEnd() {
    long before = gate.read(() -> acknowledgedEnd);
    requireIntact();
    long end = calls.plainEnd(id);
    requireGrown(before, end);
    return end;
  }

  /// What the leader, or who takes itself for it, says.
  ///
  /// @throws DbException `LOG_FAILED` when it does not answer within `limit`
  long plainEnd(Duration limit) {
    requireIntact();
    return calls.plainEnd(id, limit);
  }

  private long provenEnd() {
    long offset = barrier();
    return gate.read(() -> {
      barriers = barriers.with(offset);
      return barriers.provenBy(offset);
    });
  }

  /// Writes one barrier.
  ///
  /// @return its offset
  /// @throws DbException `LOG_FAILED`: what became of a barrier that failed is all one
  long barrier() {
    try {
      return appendAt(BARRIER);
    } catch (DbException e) {
      if (e.code() == ErrorCode.OUTCOME_UNKNOWN) {
        throw new DbException(
            ErrorCode.LOG_FAILED, "end of log %s is not known: %s".formatted(id, e.text()), e);
      }
      throw e;
    }
  }

  Position start() {
    requireIntact();
    return at(calls.start(id));
  }

  /// @return the end of the log, as far as known
  /// @throws DbException `CORRUPT` unless `position` lies in the log
  long requireInside(Position position) {
    requireIntact();
    long start = calls.start(id);
    long end = calls.plainEnd(id);
    if (replicated && position.offset() > end) {
      end = barrier(); // the plain end may be an old one
    }
    WalLimits.checkInside(id, position, at(start), at(end));
    return end;
  }

  void trim(Position before) {
    requireIntact();
    if (before.incarnation() == incarnation && before.offset() <= calls.start(id)) {
      return;
    }
    requireInside(before);
    calls.deleteBefore(id, before.offset());
  }

  /// Records that were there have gone: the log goes on otherwise from before `offset`.
  ///
  /// @return what to throw
  DbException haltTruncated(long offset) {
    String why =
        "log %s lost records before offset %d that readers have seen".formatted(id, offset);
    halt(why);
    return ErrorCode.CORRUPT.because("%s", why);
  }

  /// The tail's next offset lies outside the log: readers have to begin anew.
  void outOfReach(long offset) {
    logger.warn("tail is out of its log log={} offset={}", id, offset);
    tail.fail(
        ErrorCode.LOG_FAILED.because(
            "log %s does not reach offset %d any more: take it up anew", id, offset));
  }

  /// Stops this log for good.
  void halt(String why) {
    boolean first =
        gate.change(() -> {
          boolean running = halted.isEmpty();
          halted = halted.or(() -> Optional.of(ErrorCode.CORRUPT.because("%s", why)));
          return running;
        });
    if (first) {
      logger.error("log halted log={} reason={}", id, why);
      tail.fail(ErrorCode.CORRUPT.because("%s", why));
    }
  }

  private void requireIntact() {
    gate.read(() -> halted)
        .ifPresent(e -> {
          throw new DbException(e.code(), e.text(), e);
        });
  }
}
