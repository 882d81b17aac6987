package io.elanus.common.fuzz;

import com.sun.management.ThreadMXBean;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.format.Format;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;

/// What a fuzz target holds its input to. A target is a test class `<Name>FuzzTest` with
///
/// - `public static void fuzzerTestOneInput(byte[])`, which Jazzer calls (`fuzz/run <name>`),
/// - `static List<byte[]> seeds()`, inputs to begin with,
/// - a test that calls [FuzzCorpus#replay].
///
/// Only a [DbException] that blames the input may come out, and no more memory may be taken than is in proportion.
public final class Fuzzing {
  /// What a client may hear: its mistake, or a limit.
  public static final Set<ErrorKind> CLIENT =
      EnumSet.of(ErrorKind.BAD_REQUEST, ErrorKind.OVERLOADED);

  /// What a reader of files may say.
  public static final Set<ErrorKind> CORRUPT = EnumSet.of(ErrorKind.CORRUPT);

  /// Nothing may come out.
  public static final Set<ErrorKind> NONE = EnumSet.noneOf(ErrorKind.class);

  private static final long SPARE_BYTES = 32L << 20;
  private static final long BYTES_PER_BYTE = 1 << 10;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Fuzzing() {}

  /// Runs `work` on `input`.
  ///
  /// @param allowed kinds of errors that may come out
  /// @throws AssertionError for another error, and for too much memory
  public static void judge(byte[] input, Set<ErrorKind> allowed, Runnable work) {
    long limit = SPARE_BYTES + BYTES_PER_BYTE * input.length;
    long allocated = run(allowed, work);
    if (allocated > limit) {
      allocated = run(allowed, work); // the first time classes may have been loaded
    }
    if (allocated > limit) {
      throw new AssertionError(
          "%d bytes allocated for an input of %d".formatted(allocated, input.length));
    }
  }

  /// @return bytes that the calling thread allocated
  private static long run(Set<ErrorKind> allowed, Runnable work) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      work.run();
    } catch (DbException e) {
      if (!allowed.contains(e.kind())) {
        throw new AssertionError(
            "%s (%s) comes out: %s".formatted(e.code(), e.kind(), e.text()), e);
      }
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /// `bytes` whose last four are made the CRC32C of the others: a reader that checks it first gets no further with
  /// anything else.
  public static byte[] sealed(byte[] bytes) {
    return sealed(bytes, bytes.length - Format.TRAILER_BYTES);
  }

  /// A copy of `bytes` with the CRC32C of the first `end` behind them; as they are when it has no place.
  public static byte[] sealed(byte[] bytes, int end) {
    byte[] sealed = bytes.clone();
    if (end >= 0 && end + Format.TRAILER_BYTES <= bytes.length) {
      ByteBuffer.wrap(sealed)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(end, Format.crc32c(sealed, 0, end));
    }
    return sealed;
  }
}
