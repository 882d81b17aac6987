package io.elanus.chaos.history;

/// From the call to its return, in nanoseconds of `System.nanoTime`.
public record Span(long start, long end) {
  public Span {
    if (start > end) {
      throw new IllegalArgumentException("start %d after end %d".formatted(start, end));
    }
  }

  /// From `start` until now.
  public static Span since(long start) {
    return new Span(start, System.nanoTime());
  }

  public long nanos() {
    return end - start;
  }
}
