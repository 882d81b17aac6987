package io.elanus.bench.measure;

import java.util.Arrays;

/// Durations of the same thing, in nanoseconds.
public final class SortedNanos {
  private static final double NANOS_PER_MICRO = 1e3;

  private final long[] nanos;

  private SortedNanos(long[] nanos) {
    this.nanos = nanos;
  }

  /// In any order, at least one.
  public static SortedNanos of(long... nanos) {
    if (nanos.length == 0) {
      throw new IllegalArgumentException("no durations");
    }
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new SortedNanos(sorted);
  }

  /// The least one that `share` of them, in [0, 1], are no longer than.
  public long at(double share) {
    return nanos[(int) Math.max(0, Math.ceil(share * nanos.length) - 1)];
  }

  public double micros(double share) {
    return at(share) / NANOS_PER_MICRO;
  }
}
