package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Reads a byte of each cache line of what is about to be read, so that the lines miss the cache at the same time and not one after the
/// other: the JVM has no prefetch.
public final class Touch {
  private static final int CACHE_LINE = 64;

  private Touch() {}

  /// Of `bytes` from `at` on, which begin with a line.
  public static void lines(MemorySegment memory, long at, int bytes) {
    consume(read(memory, at, bytes));
  }

  /// Of rows `ordinals[0..count)`.
  static void rows(MemorySegment rows, int rowBytes, int[] ordinals, int count) {
    int seen = 0;
    for (int i = 0; i < count; i++) {
      seen |= read(rows, (long) rowBytes * ordinals[i], rowBytes);
    }
    consume(seen);
  }

  private static int read(MemorySegment memory, long at, int bytes) {
    int seen = 0;
    for (int line = 0; line < bytes; line += CACHE_LINE) {
      seen |= memory.get(ValueLayout.JAVA_BYTE, at + line);
    }
    return seen;
  }

  private static void consume(int seen) {
    if (seen == Integer.MIN_VALUE) {
      throw new IllegalStateException("no byte is that small"); // so that reading is not left out
    }
  }
}
