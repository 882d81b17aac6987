package io.elanus.adapters.embedded;

import io.elanus.adapters.embedded.FrameReader.Found;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.common.wal.WalLimits;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads one log: near its end from memory, further back from its files.
final class EmbeddedWalReader implements WalReader {
  /// A reader that is behind goes on in pieces of about this size.
  private static final int POLL_BYTES = 1 << 20;

  private final EmbeddedLog log;
  private long offset;
  private @Nullable FrameReader file;
  private volatile boolean closed;

  EmbeddedWalReader(EmbeddedLog log, long offset) {
    this.log = log;
    this.offset = offset;
  }

  @Override
  public List<WalRecord> poll(Deadline deadline) {
    log.await(offset, () -> closed, deadline);
    if (closed) {
      throw WalLimits.closed(log.id());
    }
    List<WalRecord> records = log.recent(offset);
    if (records.isEmpty() && log.end().offset() > offset) {
      records = readFile();
    }
    if (!records.isEmpty()) {
      offset = records.getLast().next().offset();
    }
    return records;
  }

  private List<WalRecord> readFile() {
    LogFile.Place place = log.find(offset);
    try {
      FrameReader reader = readerAt(place);
      while (reader.offset() < offset) {
        requireRecord(reader, reader.next(place.limit()));
      }
      return readSome(reader, place.limit());
    } catch (NoSuchFileException e) {
      throw new DbException(
          ErrorCode.CORRUPT, "record %d of log %s was trimmed".formatted(offset, log.id()), e);
    } catch (ClosedByInterruptException e) {
      throw new DbException(ErrorCode.CANCELED, "canceled while reading " + place.path(), e);
    } catch (IOException e) {
      throw new DbException(ErrorCode.LOG_FAILED, "read of %s failed: %s".formatted(place, e), e);
    }
  }

  /// The open file if it goes on just there, else another one.
  private FrameReader readerAt(LogFile.Place place) throws IOException {
    FrameReader open = file;
    if (open != null && open.path().equals(place.path()) && open.offset() == offset) {
      return open;
    }
    closeFile();
    FrameReader opened = new FrameReader(place, log.incarnation());
    file = opened;
    return opened;
  }

  private List<WalRecord> readSome(FrameReader reader, long limit) throws IOException {
    List<WalRecord> records = new ArrayList<>();
    for (int bytes = 0; bytes < POLL_BYTES && reader.position() < limit; ) {
      Position position = new Position(log.incarnation(), reader.offset());
      byte[] payload = requireRecord(reader, reader.next(limit)).payload();
      records.add(new WalRecord(position, position.next(), payload));
      bytes += payload.length;
    }
    return records;
  }

  private static Found.Record requireRecord(FrameReader reader, Found found) {
    return switch (found) {
      case Found.Record record -> record;
      case Found.Damage damage -> throw reader.corrupt(damage);
      case Found.Seal _, Found.End _ ->
          throw reader.corrupt(new Found.Damage("the file ends too early", false));
    };
  }

  @Override
  public Position position() {
    return new Position(log.incarnation(), offset);
  }

  @Override
  public void close() {
    closed = true;
    log.wake();
    closeFile();
  }

  private void closeFile() {
    FrameReader open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new DbException(ErrorCode.LOG_FAILED, "close of %s failed".formatted(open.path()), e);
      }
    }
  }
}
