package io.elanus.querycoord;

import java.time.Duration;

/// @param leaseTtl how long after the leader's death a standby may take over
/// @param requestTimeout of one request
/// @param queuedCommands loads and releases that wait at most; one more is refused
public record QueryCoordConfig(Duration leaseTtl, Duration requestTimeout, int queuedCommands) {
  public static final QueryCoordConfig DEFAULT =
      new QueryCoordConfig(Duration.ofSeconds(5), Duration.ofSeconds(30), 4_096);

  public QueryCoordConfig {
    require(leaseTtl.toMillis() >= 1_000, "querycoord lease ttl below 1 s: " + leaseTtl);
    require(requestTimeout.isPositive(), "querycoord request timeout: " + requestTimeout);
    require(queuedCommands >= 1, "querycoord queued commands: " + queuedCommands);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
