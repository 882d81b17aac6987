package io.elanus.adapters.embedded;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Coalescer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Turn;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.common.wal.WalLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One log on disk. Appenders that come while a batch is being synced share the next one.
///
/// The gate guards what readers see; it is changed when a batch is durable. The writer belongs to
/// whoever has the turn: the one batch that is written, or the close.
final class EmbeddedLog {
  private static final Logger logger = LoggerFactory.getLogger(EmbeddedLog.class);

  sealed interface Status {
    record Open() implements Status {}

    /// What is on the disk is not known.
    record Failed(String why) implements Status {}

    record Closed() implements Status {}
  }

  private final Run run;
  private final LogId id;
  private final long incarnation;
  private final long fileBytes;
  private final LogWriter writer;
  private final Coalescer<byte[], Position> appends;
  private final Turn turn;
  private final Gate gate;

  // guarded by gate
  private final List<LogFile> files;
  private final RecentRecords recent;
  private Status status = new Status.Open();

  private EmbeddedLog(Run run, LogId id, LogRecovery.Recovered recovered, long fileBytes) {
    this.run = run;
    this.id = id;
    this.incarnation = recovered.incarnation();
    this.fileBytes = fileBytes;
    this.writer = recovered.writer();
    this.files = new ArrayList<>(recovered.files());
    this.recent = new RecentRecords(files.getLast().endOffset());
    this.turn = new Turn(run, "log " + id);
    this.gate = run.gate();
    this.appends =
        Coalescer.each(
            run, "append to log " + id, records -> turn.take(Deadline.NEVER, () -> write(records)));
  }

  static EmbeddedLog open(Run run, LogFolder folder, long fileBytes) throws IOException {
    return new EmbeddedLog(run, folder.log(), LogRecovery.recover(folder, fileBytes), fileBytes);
  }

  LogId id() {
    return id;
  }

  long incarnation() {
    return incarnation;
  }

  Position append(byte[] record) {
    return appends.join(record, Deadline.NEVER);
  }

  /// Writes one batch. @return a position for each record
  private List<Position> write(List<byte[]> records) {
    gate.read(this::requireOpen);
    try {
      if (writer.position() >= fileBytes) {
        beginFile(writer.roll());
      }
      long first = writer.write(records);
      show(records);
      return IntStream.range(0, records.size()).mapToObj(i -> at(first + i)).toList();
    } catch (Throwable e) {
      failUnlessUndone(e);
      throw e;
    }
  }

  private void beginFile(Path path) {
    LogFile file = new LogFile(path, writer.nextOffset(), PayloadMask.of(incarnation));
    gate.change(() -> files.add(file));
  }

  private void show(List<byte[]> records) {
    gate.change(() -> {
      records.forEach(recent::add);
      files.getLast().extend(writer.nextOffset(), writer.position());
    });
  }

  private void failUnlessUndone(Throwable error) {
    if (error instanceof DbException e && e.code() == ErrorCode.LOG_FAILED) {
      logger.warn("append failed log={} error={}", id, e.text());
      return;
    }
    logger.error("log refuses everything until it is opened anew log={}", id, error);
    gate.change(() -> status = new Status.Failed(error.toString()));
  }

  Position end() {
    return gate.read(() -> {
      requireOpen();
      return at(endOffset());
    });
  }

  Position start() {
    return gate.read(() -> {
      requireOpen();
      return at(startOffset());
    });
  }

  /// @throws DbException `CORRUPT` unless `position` lies in the log
  void requireInside(Position position) {
    gate.read(() -> {
      WalLimits.checkInside(id, position, at(startOffset()), at(endOffset()));
      return requireOpen();
    });
  }

  /// Waits for a record at `offset`, for `stop`, or for the end of the log's service.
  void await(long offset, BooleanSupplier stop, Deadline deadline) {
    gate.await(
        () -> stop.getAsBoolean() || !(status instanceof Status.Open) || offset < endOffset(),
        deadline);
  }

  /// Records from `offset` on that are still in memory; none when the files have to be read.
  List<WalRecord> recent(long offset) {
    List<byte[]> found =
        gate.read(() -> {
          requireOpen();
          return recent.from(offset);
        });
    List<WalRecord> records = new ArrayList<>(found.size());
    for (byte[] bytes : found) {
      Position position = at(offset + records.size());
      records.add(new WalRecord(position, position.next(), bytes));
    }
    return records;
  }

  /// Where to read the record `offset`, which lies before the end.
  ///
  /// @throws DbException `CORRUPT` when it was trimmed
  LogFile.Place find(long offset) {
    return gate.read(() -> {
      WalLimits.checkInside(id, at(offset), at(startOffset()), at(endOffset()));
      return files.reversed().stream()
          .filter(file -> file.firstOffset() <= offset)
          .findFirst()
          .orElseThrow()
          .find(offset);
    });
  }

  void trim(Position before) {
    List<LogFile> trimmed = gate.change(() -> forget(before));
    for (LogFile file : trimmed) {
      delete(file.path());
    }
  }

  private List<LogFile> forget(Position before) {
    requireOpen();
    if (before.incarnation() == incarnation && before.offset() < startOffset()) {
      return List.of();
    }
    WalLimits.checkInside(id, before, at(startOffset()), at(endOffset()));
    List<LogFile> trimmed = new ArrayList<>();
    while (files.size() > 1 && files.getFirst().endOffset() <= before.offset()) {
      trimmed.add(files.removeFirst());
    }
    recent.forgetBefore(startOffset());
    return trimmed;
  }

  /// A file that stays comes back when the log is opened anew, which is harmless.
  private void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      logger.warn("trimmed log file not deleted file={}", path, e);
    }
  }

  void wake() {
    gate.change(() -> {});
  }

  /// Waits for the batch that is being written, also when the calling thread is cancelled.
  void close() {
    Status before =
        gate.change(() -> {
          Status last = status;
          status = new Status.Closed();
          return last;
        });
    run.fork("close log " + id, () -> turn.take(() -> close(before))).awaitEnd();
  }

  private void close(Status before) {
    switch (before) {
      case Status.Open _ -> writer.close();
      case Status.Failed _ -> writer.abandon();
      case Status.Closed _ -> {}
    }
  }

  private boolean requireOpen() {
    switch (status) {
      case Status.Open _ -> {
        return true;
      }
      case Status.Failed(String why) ->
          throw ErrorCode.LOG_FAILED.because(
              "log %s refuses everything until it is opened anew: %s", id, why);
      case Status.Closed _ -> throw WalLimits.closed(id);
    }
  }

  private long startOffset() {
    return files.getFirst().firstOffset();
  }

  private long endOffset() {
    return files.getLast().endOffset();
  }

  private Position at(long offset) {
    return new Position(incarnation, offset);
  }
}
