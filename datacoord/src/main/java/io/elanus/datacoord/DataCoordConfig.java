package io.elanus.datacoord;

import java.time.Duration;

/// @param leaseTtl how long after the leader's death a standby may take over
/// @param requestTimeout of one request
/// @param queuedCommands commands that wait at most; one more is refused
/// @param maxFlushes flushes under way at most; one more is refused
/// @param jobLease how long a worker may be silent before its job is handed out again
public record DataCoordConfig(
    Duration leaseTtl,
    Duration requestTimeout,
    int queuedCommands,
    int maxFlushes,
    Duration jobLease) {
  public static final DataCoordConfig DEFAULT =
      new DataCoordConfig(
          Duration.ofSeconds(5), Duration.ofSeconds(30), 4_096, 10_000, Duration.ofSeconds(30));

  public DataCoordConfig {
    require(leaseTtl.toMillis() >= 1_000, "datacoord lease ttl below 1 s: " + leaseTtl);
    require(requestTimeout.isPositive(), "datacoord request timeout: " + requestTimeout);
    require(queuedCommands >= 1, "datacoord queued commands: " + queuedCommands);
    require(maxFlushes >= 1, "datacoord max flushes: " + maxFlushes);
    require(jobLease.toMillis() >= 1_000, "datacoord job lease below 1 s: " + jobLease);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
