package io.elanus.common.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

/// What may happen to the bytes of a file, done to a small real one: every byte flipped, one at a time, and
/// every cut. Of a small file each bit is flipped alone, and all of the byte; of a larger one a bit per byte,
/// drawn by a fixed seed, and all of the byte.
///
/// A reader has to answer `CORRUPT`: no value, no other exception, and no memory in proportion to a length that was
/// flipped.
public final class Damage {
  private static final int SMALL_BYTES = 4 << 10;

  /// Of a reader, beyond what it takes for the bytes: far less than a flipped length could ask for.
  private static final long SPARE_BYTES = 2 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Damage() {}

  /// Reads everything there is in `bytes`, by the reader that the product uses.
  public interface Reader {
    Object read(byte[] bytes) throws Exception;
  }

  /// Something to be done with bytes of which one is flipped.
  public interface Flipped {
    void with(byte[] bytes, int at, int mask) throws Exception;
  }

  /// No flip and no cut of `whole` passes unnoticed.
  public static void assertNoticed(byte[] whole, Reader reader) {
    assertFlipsNoticed(whole, reader);
    for (int length = 0; length < whole.length; length++) {
      assertCorrupt("cut to " + length, Arrays.copyOf(whole, length), reader);
    }
    assertCorrupt("one byte more", Arrays.copyOf(whole, whole.length + 1), reader);
  }

  public static void assertFlipsNoticed(byte[] whole, Reader reader) {
    eachFlip(
        whole,
        (bytes, at, mask) ->
            assertCorrupt(
                "byte %d of %d xor %02x".formatted(at, whole.length, mask), bytes, reader));
  }

  /// Calls `flipped` with a copy of `whole` for each flip.
  public static void eachFlip(byte[] whole, Flipped flipped) {
    Random random = new Random(20261121);
    for (int at = 0; at < whole.length; at++) {
      int first = whole.length <= SMALL_BYTES ? 0 : random.nextInt(8);
      int last = whole.length <= SMALL_BYTES ? 7 : first;
      for (int bit = first; bit <= last; bit++) {
        flip(whole, at, 1 << bit, flipped);
      }
      flip(whole, at, 0xff, flipped);
    }
  }

  /// As [#eachFlip], one bit per byte: for readers around a format whose every bit is flipped elsewhere.
  public static void eachByte(byte[] whole, Flipped flipped) {
    for (int at = 0; at < whole.length; at++) {
      flip(whole, at, 1 << at % 8, flipped);
    }
  }

  /// Puts `bytes` in the place of what is in `file`. Thousands of times: it does not empty the file first, which file
  /// systems answer by writing it to the disk.
  public static void overwrite(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(bytes.length);
      channel.write(ByteBuffer.wrap(bytes), 0);
    }
  }

  private static void flip(byte[] whole, int at, int mask, Flipped flipped) {
    byte[] bytes = whole.clone();
    bytes[at] ^= (byte) mask;
    try {
      flipped.with(bytes, at, mask);
    } catch (Exception e) {
      throw new AssertionError("byte %d xor %02x: %s".formatted(at, mask, e), e);
    }
  }

  /// @param what was done, for the message
  public static void assertCorrupt(String what, byte[] bytes, Reader reader) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      Object value = reader.read(bytes);
      throw new AssertionError("%s was read as %s".formatted(what, value));
    } catch (DbException e) {
      if (e.code() != ErrorCode.CORRUPT) {
        throw new AssertionError("%s is %s".formatted(what, e.code()), e);
      }
    } catch (Exception e) {
      throw new AssertionError("%s ends in %s".formatted(what, e), e);
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
        .as("%s: bytes allocated", what)
        .isLessThan(SPARE_BYTES + 16L * bytes.length);
  }
}
