package io.elanus.common.run;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Growing pauses between tries: doubled each time up to `cap`, and spread by chance over the upper
/// half, so that callers that failed together do not come back together.
public record Backoff(Duration first, Duration cap) {
  public Backoff {
    if (!first.isPositive() || first.compareTo(cap) > 0) {
      throw new IllegalArgumentException("backoff from %s up to %s".formatted(first, cap));
    }
  }

  /// @param failures in a row, from 1
  /// @return between half of and the whole `min(first * 2^(failures - 1), cap)`
  public Duration pause(int failures, RandomGenerator random) {
    long whole = ceiling(failures).toNanos();
    return Duration.ofNanos(whole - (long) (random.nextDouble() * whole / 2));
  }

  /// As [#pause], spread over the whole: for many callers of one service that has trouble.
  ///
  /// @return between zero and `min(first * 2^(failures - 1), cap)`
  public Duration fullJitter(int failures, RandomGenerator random) {
    return Duration.ofNanos((long) (random.nextDouble() * ceiling(failures).toNanos()));
  }

  private Duration ceiling(int failures) {
    Duration pause = first;
    for (int i = 1; i < failures && pause.compareTo(cap) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(cap) < 0 ? pause : cap;
  }
}
