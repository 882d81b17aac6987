package io.elanus.common.wal;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal.WalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// One log in memory: written records, the first of them durable. Its gate guards everything. An empty record
/// is a barrier.
///
/// ```
///   trimmed    durable, readable     written
///  - - - - - |  r  r  r  r  r  r  |  r  r  |
///          start                 end
/// ```
final class MemoryLog {
  /// A record that was written, not necessarily durable.
  ///
  /// @param crashes how often the log had lost records when this one was written
  record Written(Position position, int crashes) {}

  /// @param next where to go on reading: after the records, and after barriers that follow them
  record Batch(List<WalRecord> records, Position next) {}

  /// Small, so that a reader which is behind takes several polls, as from a real log.
  private static final int MAX_POLL_RECORDS = 64;

  private static final byte[] BARRIER = {};

  private final LogId id;
  private final Gate gate;
  private final long incarnation;

  // guarded by gate
  private final List<byte[]> records = new ArrayList<>();
  private long startOffset;
  private long durableOffset;

  /// After the last durable record that is no barrier.
  private long contentOffset;

  private int crashes;
  private boolean failed;

  MemoryLog(LogId id, Run run) {
    this.id = id;
    this.gate = run.gate();
    this.incarnation = run.random().nextLong();
  }

  LogId id() {
    return id;
  }

  Written write(byte[] record) {
    return gate.change(() -> {
      requireIntact();
      records.add(record);
      return new Written(at(writtenOffset() - 1), crashes);
    });
  }

  /// Makes the record durable, and all before it.
  void sync(Written written) {
    gate.change(() -> {
      if (failed || crashes != written.crashes) {
        throw MemoryWal.unknown(id, null);
      }
      makeDurable(written.position.offset() + 1);
    });
  }

  private void makeDurable(long offset) {
    for (; durableOffset < offset; durableOffset++) {
      if (!isBarrier(durableOffset)) {
        contentOffset = durableOffset + 1;
      }
    }
  }

  private boolean isBarrier(long offset) {
    return records.get((int) (offset - startOffset)).length == 0;
  }

  /// Writes a barrier, durable at once, and all before it.
  ///
  /// @return the position of the barrier
  Position barrier() {
    return gate.change(() -> {
      requireIntact();
      records.add(BARRIER);
      makeDurable(writtenOffset());
      return at(durableOffset - 1);
    });
  }

  void fail() {
    gate.change(() -> failed = true);
  }

  void crash() {
    gate.change(() -> {
      records.subList((int) (durableOffset - startOffset), records.size()).clear();
      restart();
    });
  }

  void recover() {
    gate.change(() -> {
      makeDurable(writtenOffset());
      restart();
    });
  }

  private void restart() {
    crashes++;
    failed = false;
  }

  Position start() {
    return gate.read(() -> at(intact(startOffset)));
  }

  Position end() {
    return gate.read(() -> at(intact(durableOffset)));
  }

  void requireInside(Position position) {
    gate.read(() -> {
      WalLimits.checkInside(id, position, at(startOffset), at(intact(durableOffset)));
      return true;
    });
  }

  void trim(Position before) {
    gate.change(() -> {
      if (before.incarnation() == incarnation && before.offset() < startOffset) {
        return;
      }
      WalLimits.checkInside(id, before, at(startOffset), at(durableOffset));
      records.subList(0, (int) (before.offset() - startOffset)).clear();
      startOffset = before.offset();
    });
  }

  /// Waits for a record at `position`, or for `stop`.
  void await(Position position, BooleanSupplier stop, Deadline deadline) {
    gate.await(() -> failed || stop.getAsBoolean() || position.offset() < contentOffset, deadline);
  }

  /// Durable records from `position` on; none when there are none yet.
  Batch read(Position position) {
    return gate.read(() -> {
      WalLimits.checkInside(id, position, at(startOffset), at(intact(durableOffset)));
      List<WalRecord> found = new ArrayList<>();
      long offset = position.offset();
      for (; offset < durableOffset && found.size() < MAX_POLL_RECORDS; offset++) {
        if (!isBarrier(offset)) {
          byte[] bytes = records.get((int) (offset - startOffset));
          found.add(new WalRecord(at(offset), at(offset + 1), bytes));
        }
      }
      return new Batch(found, at(offset));
    });
  }

  void wake() {
    gate.change(() -> {});
  }

  private long intact(long offset) {
    requireIntact();
    return offset;
  }

  private void requireIntact() {
    if (failed) {
      throw ErrorCode.LOG_FAILED.because(
          "log %s refuses everything since a sync failed: open it anew", id);
    }
  }

  private long writtenOffset() {
    return startOffset + records.size();
  }

  private Position at(long offset) {
    return new Position(incarnation, offset);
  }
}
