package io.elanus.common.format;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.zip.CRC32C;

/// One binary format: what its bytes begin and end with.
///
/// ```
/// magic (4 ASCII letters), version (2), body, CRC32C of all before (4)
/// ```
///
/// @param name for messages, as in `log record`
/// @param version what is written today, from 1; it and the one before it are read
public record Format(String name, String magic, int version) {
  /// Magic and version.
  public static final int HEADER_BYTES = 6;

  /// The checksum.
  public static final int TRAILER_BYTES = 4;

  public Format {
    if (magic.length() != 4 || !magic.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("magic must be 4 ASCII letters: '%s'".formatted(magic));
    }
    if (version < 1 || version > 0xffff) {
      throw new IllegalArgumentException("version must be from 1 to 65535: %d".formatted(version));
    }
  }

  /// The bytes of one value, whose body `body` writes.
  ///
  /// @param expectedBytes of the body; a good guess spares copies
  public byte[] encode(int expectedBytes, Consumer<ByteWriter> body) {
    ByteWriter out = new ByteWriter(Math.max(16, expectedBytes) + HEADER_BYTES + TRAILER_BYTES);
    out.header(this);
    body.accept(out);
    out.crc32c(0);
    return out.toBytes();
  }

  /// The value in `bytes`, once they are known to be whole. `body` must read all of the body; what
  /// it throws as IllegalArgumentException (a record that refuses its parts) becomes `CORRUPT`.
  ///
  /// @throws DbException `CORRUPT`, with what and where
  public <T> T decode(byte[] bytes, Function<ByteReader, T> body) {
    return decode(bytes, (in, _) -> body.apply(in));
  }

  /// As [#decode(byte[], Function)], for a body that has changed.
  ///
  /// @param body is told which version the bytes have
  public <T> T decode(byte[] bytes, BiFunction<ByteReader, Integer, T> body) {
    ByteReader in = new ByteReader(name, bytes, Math.max(0, bytes.length - TRAILER_BYTES));
    checkMagic(in);
    int found = in.u16();
    verifyCrc32c(bytes);
    checkVersion(found);
    try {
      T value = body.apply(in, found);
      in.requireEnd();
      return value;
    } catch (IllegalArgumentException e) {
      throw new DbException(
          ErrorCode.CORRUPT,
          "%s: at offset %d: %s".formatted(name, in.offset(), e.getMessage()),
          e);
    }
  }

  /// Reads past the magic.
  public void checkMagic(ByteReader in) {
    String found = in.ascii(4);
    if (!found.equals(magic)) {
      throw in.corrupt("magic is '%s', expected '%s'".formatted(found, magic));
    }
  }

  private void checkVersion(int found) {
    if (found > version) {
      throw ErrorCode.CORRUPT.because(
          "%s: version %d is newer than this reader, which knows up to %d", name, found, version);
    }
    if (found < Math.max(1, version - 1)) {
      throw ErrorCode.CORRUPT.because(
          "%s: version %d is older than this reader, which knows from %d",
          name, found, Math.max(1, version - 1));
    }
  }

  private void verifyCrc32c(byte[] bytes) {
    int end = bytes.length - TRAILER_BYTES;
    int stored = new ByteReader(name, bytes, bytes.length).at(end).i32();
    int computed = crc32c(bytes, 0, end);
    if (stored != computed) {
      throw ErrorCode.CORRUPT.because(
          "%s: checksum of %d bytes is %08x, expected %08x", name, end, computed, stored);
    }
  }

  /// The CRC32C of `bytes` from `start` to before `end`.
  public static int crc32c(byte[] bytes, int start, int end) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, start, end - start);
    return (int) crc.getValue();
  }
}
