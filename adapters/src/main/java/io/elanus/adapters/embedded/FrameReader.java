package io.elanus.adapters.embedded;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Reads the frames of one log file in order, from a channel of its own: an interrupt closes the
/// channel of the interrupted thread alone. Owned by one thread.
final class FrameReader implements AutoCloseable {
  /// What lies at a position.
  sealed interface Found {
    record Record(LogFrame frame, byte[] payload) implements Found {}

    record Seal(long nextOffset) implements Found {}

    /// Nothing: the limit is reached.
    record End() implements Found {}

    /// No whole frame of the expected offset.
    ///
    /// @param cut whether the bytes end inside the frame
    record Damage(String why, boolean cut) implements Found {}
  }

  private static final int BUFFER_BYTES = 256 << 10;

  private final Path path;
  private final long incarnation;
  private final PayloadMask mask;
  private final FileChannel channel;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long bufferStart;
  private int bufferSize;
  private long position;
  private long offset;

  /// Begins at `place`.
  FrameReader(LogFile.Place place, long incarnation) throws IOException {
    this.path = place.path();
    this.incarnation = incarnation;
    this.mask = place.mask();
    this.position = place.position();
    this.offset = place.offset();
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
  }

  Path path() {
    return path;
  }

  /// Of the next frame.
  long position() {
    return position;
  }

  /// Of the next record.
  long offset() {
    return offset;
  }

  /// Reads the frame at [#position] and goes past it, unless it is damaged.
  ///
  /// @param limit bytes from there on may still change and are not looked at
  Found next(long limit) throws IOException {
    long left = limit - position;
    if (left == 0) {
      return new Found.End();
    }
    if (left < LogFrame.HEAD_BYTES) {
      return new Found.Damage("%d bytes are no frame".formatted(left), true);
    }
    int start = buffered(LogFrame.HEAD_BYTES, limit);
    Optional<LogFrame> head = LogFrame.decode(buffer, start, incarnation);
    return head.isEmpty()
        ? new Found.Damage("no frame begins here", false)
        : next(head.get(), left - LogFrame.HEAD_BYTES, limit);
  }

  private Found next(LogFrame head, long left, long limit) throws IOException {
    if (head.offset() != offset) {
      return new Found.Damage(
          "a frame of offset %d, expected %d".formatted(head.offset(), offset), false);
    }
    if (head.size() < 0) {
      return new Found.Damage("a frame of %d bytes".formatted(head.size()), false);
    }
    if (head.size() > left) {
      return new Found.Damage(
          "a frame of %d bytes, %d are left".formatted(head.size(), left), true);
    }
    return switch (head.kind()) {
      case RECORD -> record(head, limit);
      case SEAL -> seal(head);
    };
  }

  private Found record(LogFrame head, long limit) throws IOException {
    byte[] payload = new byte[head.size()];
    read(position + LogFrame.HEAD_BYTES, payload, limit);
    mask.apply(payload);
    if (LogFrame.checksum(payload) != head.payloadChecksum()) {
      return new Found.Damage("the checksum of record %d is wrong".formatted(offset), false);
    }
    position += LogFrame.HEAD_BYTES + payload.length;
    offset++;
    return new Found.Record(head, payload);
  }

  private Found seal(LogFrame head) {
    position += LogFrame.HEAD_BYTES;
    return new Found.Seal(head.offset());
  }

  /// Makes `size` bytes at [#position] readable. @return where in the buffer they begin
  private int buffered(int size, long limit) throws IOException {
    if (position < bufferStart || position + size > bufferStart + bufferSize) {
      bufferStart = position;
      bufferSize = (int) Math.min(buffer.length, limit - position);
      readFully(ByteBuffer.wrap(buffer, 0, bufferSize), position);
    }
    return (int) (position - bufferStart);
  }

  /// Fills `target` from `from` on, first from the buffer; what does not fit there is read
  /// directly.
  private void read(long from, byte[] target, long limit) throws IOException {
    int copied = copyBuffered(from, target, 0);
    if (copied < target.length && target.length - copied <= buffer.length / 2) {
      bufferStart = from + copied;
      bufferSize = (int) Math.min(buffer.length, limit - bufferStart);
      readFully(ByteBuffer.wrap(buffer, 0, bufferSize), bufferStart);
      copied += copyBuffered(from + copied, target, copied);
    }
    readFully(ByteBuffer.wrap(target, copied, target.length - copied), from + copied);
  }

  private int copyBuffered(long from, byte[] target, int start) {
    long available = bufferStart + bufferSize - from;
    if (from < bufferStart || available <= 0) {
      return 0;
    }
    int size = (int) Math.min(available, target.length - start);
    System.arraycopy(buffer, (int) (from - bufferStart), target, start, size);
    return size;
  }

  private void readFully(ByteBuffer target, long from) throws IOException {
    long at = from;
    while (target.hasRemaining()) {
      int read = channel.read(target, at);
      if (read < 0) {
        throw corrupt(at, "the file ends here, expected %d more bytes", target.remaining());
      }
      at += read;
    }
  }

  /// What to throw for damage at [#position] of bytes that were once synced.
  DbException corrupt(Found.Damage damage) {
    return corrupt(position, "%s", damage.why());
  }

  private DbException corrupt(long at, String format, Object... args) {
    return ErrorCode.CORRUPT.because(
        "log file %s is damaged at byte %d: %s; restore the file from a copy, or keep it aside and "
            + "cut it to %d bytes to go on without what follows",
        path, at, format.formatted(args), position);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
