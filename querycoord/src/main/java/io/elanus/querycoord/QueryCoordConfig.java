package io.elanus.querycoord;

import java.time.Duration;

/// @param leaseTtl how long after the leader's death a standby may take over
/// @param requestTimeout of one request
/// @param queuedCommands loads and releases that wait at most; one more is refused
/// @param statusWait how long a query node holds an answer back that says nothing new; below the time a
///     call between roles may take
public record QueryCoordConfig(
    Duration leaseTtl, Duration requestTimeout, int queuedCommands, Duration statusWait) {
  public static final QueryCoordConfig DEFAULT =
      new QueryCoordConfig(
          Duration.ofSeconds(5), Duration.ofSeconds(30), 4_096, Duration.ofSeconds(30));

  public QueryCoordConfig {
    require(leaseTtl.toMillis() >= 1_000, "querycoord lease ttl below 1 s: " + leaseTtl);
    require(requestTimeout.isPositive(), "querycoord request timeout: " + requestTimeout);
    require(queuedCommands >= 1, "querycoord queued commands: " + queuedCommands);
    require(
        statusWait.isPositive() && statusWait.toMillis() <= 60_000,
        "querycoord status wait not in 1 ms .. 60 s: " + statusWait);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
