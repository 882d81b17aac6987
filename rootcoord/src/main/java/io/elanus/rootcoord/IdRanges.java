package io.elanus.rootcoord;

/// Ids in ranges, none of them twice, over all leaders there ever were. Used by one thread at a time.
final class IdRanges {
  /// The first id of a new cluster; those below are for what every cluster has.
  static final long FIRST = 1_000;

  /// Ids taken from the store at once, which is also the most a restart loses.
  private static final long AHEAD = 100_000;

  private final HighWaterMark mark;
  private long next;

  IdRanges(HighWaterMark mark) {
    this.mark = mark;
    this.next = mark.value();
  }

  /// The first of `count` ids in a row.
  long take(int count) {
    long first = next;
    long end = first + count;
    if (end > mark.value()) {
      mark.raise(end + AHEAD);
    }
    next = end;
    return first;
  }
}
