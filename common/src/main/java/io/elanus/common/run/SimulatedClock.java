package io.elanus.common.run;

import java.time.Duration;
import java.time.Instant;

/// How the clocks of one simulated process run: the wall clock is off by `wallSkew`, both clocks
/// pass `rate` nanoseconds per nanosecond of virtual time, and `nanoTime` begins at `origin`, as
/// every machine's does somewhere else.
public record SimulatedClock(Duration wallSkew, double rate, Duration origin) {
  public static final SimulatedClock EXACT = new SimulatedClock(Duration.ZERO, 1, Duration.ZERO);

  /// Where virtual time begins; any fixed day does.
  private static final long START_MILLIS = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

  public SimulatedClock {
    if (!(rate > 0)) {
      throw new IllegalArgumentException("clock rate " + rate);
    }
  }

  public static SimulatedClock skewed(Duration wallSkew) {
    return new SimulatedClock(wallSkew, 1, Duration.ZERO);
  }

  public static SimulatedClock drifting(double partsPerMillion) {
    return new SimulatedClock(Duration.ZERO, 1 + partsPerMillion / 1e6, Duration.ZERO);
  }

  long wallMillis(long virtualNanos) {
    return START_MILLIS + wallSkew.toMillis() + passed(virtualNanos) / 1_000_000;
  }

  long nanoTime(long virtualNanos) {
    return origin.toNanos() + passed(virtualNanos);
  }

  /// The first virtual instant at which `deadline` has passed on this clock.
  long virtualNanos(Deadline deadline) {
    if (deadline.isNever()) {
      return Long.MAX_VALUE;
    }
    long left = deadline.nanoTime() - origin.toNanos();
    if (rate == 1) {
      return left;
    }
    long virtual = (long) (left / rate);
    while (virtual < Long.MAX_VALUE && passed(virtual) < left) {
      virtual++;
    }
    return virtual;
  }

  private long passed(long virtualNanos) {
    return rate == 1 ? virtualNanos : (long) (virtualNanos * rate);
  }
}
