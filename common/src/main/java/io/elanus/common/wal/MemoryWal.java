package io.elanus.common.wal;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Run;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The log in memory, for tests and for the simulator: logs that outlive the processes using them.
///
/// One instance is one process's way to the logs: `new MemoryWal(run, 4)` makes the logs, [#on]
/// opens them for another process, with its own faults. An append has three steps, as on a
/// disk: written (nobody sees it), durable (everybody does), answered. Faults strike between them.
public final class MemoryWal implements Wal {
  /// What goes wrong between one process and the logs. Every method may sleep.
  public interface Faults {
    Faults NONE = new Faults() {};

    /// Nothing has happened yet. A throw is the append's answer: `LOG_FAILED`.
    default void beforeAppend(LogId log) {}

    /// When present, the append answers `OUTCOME_UNKNOWN` now and takes place after this time.
    default Optional<Duration> landsLater(LogId log) {
      return Optional.empty();
    }

    /// The record is written and not yet durable. A throw is a failed sync: the append answers
    /// `OUTCOME_UNKNOWN`, and the log refuses everything until [MemoryWal#recover] or
    /// [MemoryWal#crash].
    default void beforeSync(LogId log) {}

    /// The record is durable. A throw is a lost answer: `OUTCOME_UNKNOWN`.
    default void afterAppend(LogId log) {}

    /// Before [Wal#end], [Wal#start], [Wal#tail] and every poll; a throw is their answer.
    default void beforeRead(LogId log) {}
  }

  private static final int MAX_RECORD_BYTES = 1 << 20;

  private final Run world;
  private final List<MemoryLog> logs;
  private final boolean barriers;
  private final Faults faults;

  /// The largest offset [#end] answered here, by log.
  private final AtomicLongArray askedEnds;

  private volatile boolean closed;

  /// New, empty logs and a way to them without faults.
  ///
  /// @param run of the logs: it outlives the processes that use them
  public MemoryWal(Run run, int logCount) {
    this(run, newLogs(run, logCount), false, Faults.NONE);
  }

  /// New, empty logs whose `end` writes a barrier each time, as a replicated log has to.
  public static MemoryWal withBarriers(Run run, int logCount) {
    return new MemoryWal(run, newLogs(run, logCount), true, Faults.NONE);
  }

  private MemoryWal(Run world, List<MemoryLog> logs, boolean barriers, Faults faults) {
    this.world = world;
    this.logs = logs;
    this.barriers = barriers;
    this.faults = faults;
    this.askedEnds = new AtomicLongArray(logs.size());
  }

  private static List<MemoryLog> newLogs(Run run, int count) {
    return IntStream.range(0, count).mapToObj(i -> new MemoryLog(new LogId(i), run)).toList();
  }

  /// The same logs as another process sees them. Closing it leaves the logs alone.
  public Wal on(Faults faults) {
    return new MemoryWal(world, logs, barriers, faults);
  }

  @Override
  public int logCount() {
    return logs.size();
  }

  @Override
  public int maxRecordBytes() {
    return MAX_RECORD_BYTES;
  }

  @Override
  public Position append(LogId id, byte[] record) {
    MemoryLog log = log(id);
    WalLimits.check(record, MAX_RECORD_BYTES);
    faults.beforeAppend(id);
    Optional<Duration> delay = faults.landsLater(id);
    if (delay.isPresent()) {
      world.fork("late append", () -> appendLate(log, record, delay.get()));
      throw unknown(id, null);
    }
    MemoryLog.Written written = log.write(record);
    sync(log, written);
    answer(id);
    return written.position();
  }

  private void appendLate(MemoryLog log, byte[] record, Duration delay) {
    world.sleep(delay);
    try {
      log.sync(log.write(record));
    } catch (DbException _) {
      // the log failed meanwhile: the record is lost on its way, as its appender was told it may be
    }
  }

  private void sync(MemoryLog log, MemoryLog.Written written) {
    try {
      faults.beforeSync(log.id());
    } catch (RuntimeException e) {
      log.fail();
      throw unknown(log.id(), e);
    }
    log.sync(written);
  }

  private void answer(LogId id) {
    try {
      faults.afterAppend(id);
    } catch (RuntimeException e) {
      throw unknown(id, e);
    }
  }

  static DbException unknown(LogId id, @Nullable Throwable cause) {
    return new DbException(
        ErrorCode.OUTCOME_UNKNOWN, "append to log %s may have happened".formatted(id), cause);
  }

  @Override
  public Position end(LogId id) {
    MemoryLog log = readable(id);
    if (!barriers) {
      return log.end();
    }
    Position barrier = log.barrier();
    askedEnds.accumulateAndGet(id.value(), barrier.offset(), Math::max);
    log.wake();
    return barrier;
  }

  /// Whether somebody in this process waits until a reader at `position` is further.
  boolean isAskedBeyond(Position position, LogId id) {
    return position.offset() < askedEnds.get(id.value());
  }

  @Override
  public Position start(LogId id) {
    return readable(id).start();
  }

  @Override
  public WalReader tail(LogId id, Position from) {
    MemoryLog log = readable(id);
    log.requireInside(from);
    return new MemoryWalReader(this, log, from);
  }

  @Override
  public void trim(LogId id, Position before) {
    log(id).trim(before);
  }

  /// What a power loss leaves of a log: its durable records. Appends on their way are unknown.
  public void crash(LogId id) {
    logs.get(id.value()).crash();
  }

  /// What a restart leaves of a log: everything written, now durable.
  public void recover(LogId id) {
    logs.get(id.value()).recover();
  }

  @Override
  public void close() {
    closed = true;
    logs.forEach(MemoryLog::wake);
  }

  boolean isClosed() {
    return closed;
  }

  /// The log after the faults of a read.
  MemoryLog readable(LogId id) {
    MemoryLog log = log(id);
    faults.beforeRead(id);
    return log;
  }

  private MemoryLog log(LogId id) {
    if (closed) {
      throw WalLimits.closed(id);
    }
    WalLimits.check(id, logs.size());
    return logs.get(id.value());
  }
}
