package io.elanus.proxy.security;

import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How often passwords of a user name may be tried: ten times, and then once a second. Clients whose password is
/// remembered are not counted.
final class FailedLogins {
  private static final int BURST = 10;
  private static final long REFILL_NANOS = Duration.ofSeconds(1).toNanos();

  /// User names that are counted; who tries more of them than this begins anew with those before.
  private static final int COUNTED = 4_096;

  private final Run run;
  private final Gate gate;

  // guarded by gate: when the tries of a name would all be there again
  private final Map<String, Long> fullAt =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > COUNTED;
        }
      };

  FailedLogins(Run run) {
    this.run = run;
    this.gate = run.gate();
  }

  /// Whether a password of this name may be looked at.
  boolean mayTry(String user) {
    long now = run.nanoTime();
    return gate.read(() -> missing(user, now) <= (BURST - 1) * REFILL_NANOS);
  }

  void failed(String user) {
    long now = run.nanoTime();
    gate.change(() -> fullAt.put(user, now + missing(user, now) + REFILL_NANOS));
  }

  /// Under the gate. How long until all tries are there again.
  private long missing(String user, long now) {
    Long full = fullAt.get(user);
    return full == null ? 0 : Math.max(0, full - now);
  }
}
