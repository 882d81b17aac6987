package io.elanus.rootcoord;

import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.run.Run;
import java.time.Duration;

/// Hybrid timestamps that only grow, over all leaders there ever were.
///
/// ```
///  given out before this term | given out by this term | free          | free for any successor
///  ---------------------------+------------------------+---------------+----------------------->
///                   mark at its start                 next      persisted mark
/// ```
///
/// They follow the wall clock while it runs ahead of them, and count on when it stands or jumps back.
/// Used by one thread at a time.
final class TimestampOracle {
  /// How far ahead the mark is persisted: one commit per two seconds of use, none at idle. A restart
  /// takes about as long, so restarts in a row do not run away from the clock.
  private static final Duration AHEAD = Duration.ofSeconds(2);

  private final Run run;
  private final HighWaterMark mark;
  private long next;

  TimestampOracle(Run run, HighWaterMark mark) {
    this.run = run;
    this.mark = mark;
    this.next = mark.value();
  }

  /// The first of `count` timestamps in a row.
  long take(int count) {
    long first = Math.max(next, HybridTimestamp.of(run.wallMillis(), 0));
    long end = first + count;
    if (end > mark.value()) {
      mark.raise(end + HybridTimestamp.of(AHEAD.toMillis(), 0));
    }
    next = end;
    return first;
  }
}
