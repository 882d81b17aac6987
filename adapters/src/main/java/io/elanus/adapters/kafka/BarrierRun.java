package io.elanus.adapters.kafka;

/// Barriers of this process that lie side by side, the newest of them last.
///
/// ```
///   r r b r b b b      the newest barrier is 6; 4, 5 and 6 are ours and adjoin:
///   0 1 2 3 4 5 6      nothing but barriers lies from 4 on, so 4 is as good an end as 6
/// ```
/// So a process that asks again and again for the end of a quiet log gets one answer, which its readers
/// have reached long ago.
///
/// @param start of the first of them
/// @param end after the last of them
record BarrierRun(long start, long end) {
  static final BarrierRun NONE = new BarrierRun(-1, -1);

  /// With one more barrier, acknowledged in any order.
  BarrierRun with(long offset) {
    if (offset < end) {
      return this;
    }
    return new BarrierRun(offset == end ? start : offset, offset + 1);
  }

  /// An end of the log as the barrier at `offset` proves it.
  long provenBy(long offset) {
    return start <= offset && offset < end ? start : offset;
  }
}
