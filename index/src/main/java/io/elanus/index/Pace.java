package io.elanus.index;

/// Whether what is read comes from a disk, by the time it takes. That decides what the kernel is asked for in advance, never what is
/// found: so this may look at the clock, as nothing else in the library does. Any number of threads may use it.
final class Pace {
  /// Reads for which a slow one is taken as a sign of more.
  private static final int SPAN = 32;

  private final long slowNanos;
  private volatile int left;

  /// @param slowNanos more than what a read from memory takes, less than one from a disk
  Pace(long slowNanos) {
    this.slowNanos = slowNanos;
  }

  /// Whether a slow read is to be expected now.
  boolean isSlow() {
    int reads = left;
    if (reads == 0) {
      return false;
    }
    left = reads - 1;
    return true;
  }

  long begin() {
    return System.nanoTime();
  }

  /// @param begun what [#begin] gave
  /// @param reads since then
  void end(long begun, int reads) {
    if (System.nanoTime() - begun > slowNanos * reads) {
      left = SPAN;
    }
  }
}
