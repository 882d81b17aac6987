package io.elanus.segment.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// A new file that is written from its start to its end, buffered, with the CRC32C of all of it and of a
/// section at a time.
final class ChecksummedFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final FileChannel channel;
  private final CRC32C crc = new CRC32C();
  private final CRC32C section = new CRC32C();
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long flushed;

  private ChecksummedFile(FileChannel channel) {
    this.channel = channel;
  }

  /// Replaces a file that is there already.
  static ChecksummedFile create(Path path) throws IOException {
    return new ChecksummedFile(
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE));
  }

  void writeByte(int value) throws IOException {
    room(1).put((byte) value);
  }

  void writeInt(int value) throws IOException {
    room(4).putInt(value);
  }

  void writeLong(long value) throws IOException {
    room(8).putLong(value);
  }

  void writeDouble(double value) throws IOException {
    room(8).putDouble(value);
  }

  void write(byte[] bytes) throws IOException {
    write(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  void write(MemorySegment source, long offset, long sizeBytes) throws IOException {
    long at = offset;
    long end = offset + sizeBytes;
    while (at < end) {
      int room = room(1).remaining();
      int bytes = (int) Math.min(room, end - at);
      MemorySegment.copy(
          source, ValueLayout.JAVA_BYTE, at, buffer.array(), buffer.position(), bytes);
      buffer.position(buffer.position() + bytes);
      at += bytes;
    }
  }

  /// Writes zeros until [#position] is `position`.
  void padTo(long position) throws IOException {
    while (position() < position) {
      writeByte(0);
    }
  }

  /// Bytes written so far.
  long position() {
    return flushed + buffer.position();
  }

  /// What is written from here on is what [#sectionCrc] is of.
  void beginSection() throws IOException {
    flush();
    section.reset();
  }

  /// The CRC32C of what was written since [#beginSection].
  int sectionCrc() throws IOException {
    flush();
    return (int) section.getValue();
  }

  /// Writes what is buffered.
  ///
  /// @return the CRC32C of the file
  int finish() throws IOException {
    flush();
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  private void flush() throws IOException {
    buffer.flip();
    crc.update(buffer.duplicate());
    section.update(buffer.duplicate());
    flushed += buffer.limit();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }
}
