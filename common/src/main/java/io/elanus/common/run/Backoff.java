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

  private Duration ceiling(int failures) {
    Duration pause = first;
    for (int i = 1; i < failures && pause.compareTo(cap) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(cap) < 0 ? pause : cap;
  }
}
