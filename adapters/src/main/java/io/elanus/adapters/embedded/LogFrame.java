package io.elanus.adapters.embedded;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The head of a frame of a log file (docs/formats/embedded-log.md), little-endian:
///
/// ```
///  0  4  magic: "ELWR" for a record, "ELWS" for a seal
///  4  4  size of the payload
///  8  8  offset
/// 16  4  index within the batch
/// 20  4  CRC32C of the payload, as it is without its mask
/// 24  4  CRC32C of the incarnation (8) and the 24 bytes before
/// 28     payload, masked ([PayloadMask])
/// ```
///
/// @param offset of the record; of a seal: of the next record
/// @param index how many records of the same batch lie before this one
record LogFrame(Kind kind, int size, long offset, int index, int payloadChecksum) {
  enum Kind {
    RECORD("ELWR"),
    SEAL("ELWS");

    private final int magic;

    Kind(String letters) {
      this.magic =
          letters.charAt(0)
              | letters.charAt(1) << 8
              | letters.charAt(2) << 16
              | letters.charAt(3) << 24;
    }
  }

  static final int HEAD_BYTES = 28;

  private static final int CHECKED_BYTES = 24;

  static LogFrame ofRecord(long offset, int index, byte[] payload) {
    return new LogFrame(Kind.RECORD, payload.length, offset, index, checksum(payload));
  }

  static LogFrame ofSeal(long nextOffset) {
    return new LogFrame(Kind.SEAL, 0, nextOffset, 0, 0);
  }

  static int checksum(byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload, 0, payload.length);
    return (int) crc.getValue();
  }

  /// The offset of the first record of this one's batch.
  long batchStart() {
    return offset - index;
  }

  byte[] encode(long incarnation) {
    byte[] bytes = new byte[HEAD_BYTES];
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(kind.magic)
        .putInt(size)
        .putLong(offset)
        .putInt(index)
        .putInt(payloadChecksum)
        .putInt(headChecksum(bytes, 0, incarnation));
    return bytes;
  }

  static boolean isMagic(int bytes) {
    return bytes == Kind.RECORD.magic || bytes == Kind.SEAL.magic;
  }

  /// The head that begins at `start` of `bytes`, which has [#HEAD_BYTES] from there; empty when
  /// there is none of this incarnation.
  static Optional<LogFrame> decode(byte[] bytes, int start, long incarnation) {
    ByteBuffer in = ByteBuffer.wrap(bytes, start, HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int magic = in.getInt();
    for (Kind kind : Kind.values()) {
      if (kind.magic == magic) {
        return decode(kind, in, headChecksum(bytes, start, incarnation));
      }
    }
    return Optional.empty();
  }

  private static Optional<LogFrame> decode(Kind kind, ByteBuffer in, int checksum) {
    LogFrame frame = new LogFrame(kind, in.getInt(), in.getLong(), in.getInt(), in.getInt());
    return in.getInt() == checksum ? Optional.of(frame) : Optional.empty();
  }

  static int headChecksum(byte[] bytes, int start, long incarnation) {
    ByteBuffer first = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    crc.update(first.putLong(0, incarnation));
    crc.update(bytes, start, CHECKED_BYTES);
    return (int) crc.getValue();
  }
}
