package io.elanus.common.run;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.time.Duration;

/// An instant on the monotonic clock of one [Run] after which waiting makes no sense.
///
/// @param nanoTime as [Run#nanoTime]; `Long.MAX_VALUE` means never
public record Deadline(long nanoTime) {
  public static final Deadline NEVER = new Deadline(Long.MAX_VALUE);

  public static Deadline after(Run run, Duration duration) {
    long nanos =
        duration.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE : duration.toNanos();
    long now = run.nanoTime();
    return new Deadline(nanos > Long.MAX_VALUE - Math.max(now, 0) ? Long.MAX_VALUE : now + nanos);
  }

  public boolean isNever() {
    return nanoTime == Long.MAX_VALUE;
  }

  public boolean hasPassed(Run run) {
    return !isNever() && run.nanoTime() - nanoTime >= 0;
  }

  /// Time left; zero when passed.
  public Duration remaining(Run run) {
    return isNever()
        ? Duration.ofNanos(Long.MAX_VALUE)
        : Duration.ofNanos(Math.max(0, nanoTime - run.nanoTime()));
  }

  public Deadline orEarlier(Deadline other) {
    return nanoTime <= other.nanoTime ? this : other;
  }

  /// @throws DbException `TIMEOUT` when passed, naming what was waited for
  public void check(Run run, String what) {
    if (hasPassed(run)) {
      throw new DbException(ErrorCode.TIMEOUT, "timeout waiting for " + what);
    }
  }
}
