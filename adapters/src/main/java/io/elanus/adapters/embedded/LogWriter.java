package io.elanus.adapters.embedded;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes batches of records at the end of a log: one write per buffer, one sync per batch. Owned
/// by one thread at a time.
final class LogWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogWriter.class);

  /// About the size of a usual batch; one per log stays allocated.
  private static final int BUFFER_BYTES = 256 << 10;

  private final LogFolder folder;
  private final long incarnation;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private FileChannel file;
  private PayloadMask mask;
  private long position;
  private long nextOffset;
  private boolean sealed;

  /// Goes on at the end of `last`.
  ///
  /// @param sealed whether a seal stands there
  LogWriter(LogFolder folder, long incarnation, LogFile last, boolean sealed) throws IOException {
    this.folder = folder;
    this.incarnation = incarnation;
    this.file = FileChannel.open(last.path(), StandardOpenOption.WRITE);
    this.mask = last.mask();
    this.position = last.endPosition();
    this.nextOffset = last.endOffset();
    this.sealed = sealed;
  }

  long nextOffset() {
    return nextOffset;
  }

  long position() {
    return position;
  }

  /// Seals the file and begins the next one, whose path is the answer.
  ///
  /// @throws DbException `LOG_FAILED` when the log is as before, `OUTCOME_UNKNOWN` when that is not
  ///     known
  Path roll() {
    seal();
    try {
      Path path = folder.create(incarnation, nextOffset);
      FileChannel next = FileChannel.open(path, StandardOpenOption.WRITE);
      file.close();
      file = next;
    } catch (IOException e) {
      throw failed(ErrorCode.LOG_FAILED, "the next file cannot be made", e);
    }
    mask = PayloadMask.of(incarnation);
    position = LogFileHeader.BYTES;
    sealed = false;
    return folder.path(nextOffset);
  }

  /// Ends the file so that a reader knows it is whole.
  ///
  /// @throws DbException as [#roll]
  void seal() {
    if (!sealed) {
      put(LogFrame.ofSeal(nextOffset).encode(incarnation), position);
      finish(position + LogFrame.HEAD_BYTES);
      sealed = true;
    }
  }

  /// Makes `records` durable, in their order. @return the offset of the first
  ///
  /// @throws DbException `LOG_FAILED` when the log is as before, `OUTCOME_UNKNOWN` when that is not
  ///     known
  long write(List<byte[]> records) {
    long end = position;
    for (int i = 0; i < records.size(); i++) {
      byte[] record = records.get(i);
      LogFrame head = LogFrame.ofRecord(nextOffset + i, i, record);
      end = put(head.encode(incarnation), end);
      end = put(masked(record), end);
    }
    finish(end);
    long first = nextOffset;
    position = end;
    nextOffset += records.size();
    return first;
  }

  private byte[] masked(byte[] record) {
    byte[] payload = record.clone();
    mask.apply(payload);
    return payload;
  }

  /// @param end where `bytes` will stand in the file: after what is buffered
  /// @return where they end
  private long put(byte[] bytes, long end) {
    int done = 0;
    while (done < bytes.length) {
      if (!buffer.hasRemaining()) {
        flush(end + done);
      }
      int size = Math.min(buffer.remaining(), bytes.length - done);
      buffer.put(bytes, done, size);
      done += size;
    }
    return end + bytes.length;
  }

  /// Writes what is buffered, which ends at `end`.
  private void flush(long end) {
    buffer.flip();
    try {
      folder.disk().write(file, buffer, end - buffer.limit());
    } catch (IOException e) {
      undo(e);
    } finally {
      buffer.clear();
    }
  }

  private void finish(long end) {
    flush(end);
    try {
      folder.disk().sync(file);
    } catch (IOException e) {
      throw failed(ErrorCode.OUTCOME_UNKNOWN, "a sync failed", e);
    }
  }

  /// After a failed write, a full disk for instance: takes back what was written of the batch.
  private void undo(IOException cause) {
    try {
      file.truncate(position);
      folder.disk().sync(file);
    } catch (IOException e) {
      cause.addSuppressed(e);
      throw failed(ErrorCode.OUTCOME_UNKNOWN, "a write failed and cannot be undone", cause);
    }
    throw failed(ErrorCode.LOG_FAILED, "a write failed and was undone", cause);
  }

  private DbException failed(ErrorCode code, String what, IOException cause) {
    return new DbException(
        code, "log %s in %s: %s: %s".formatted(folder.log(), folder.folder(), what, cause), cause);
  }

  /// Closes the file, sealed if the log is in good order.
  @Override
  public void close() {
    try (FileChannel closing = file) {
      seal();
    } catch (DbException | IOException e) {
      log.warn("log file not sealed log={} folder={}", folder.log(), folder.folder(), e);
    }
  }

  /// Closes the file as it is, after a failure.
  void abandon() {
    try {
      file.close();
    } catch (IOException e) {
      log.warn("log file not closed log={} folder={}", folder.log(), folder.folder(), e);
    }
  }
}
