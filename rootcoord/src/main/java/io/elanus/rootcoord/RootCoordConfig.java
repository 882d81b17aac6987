package io.elanus.rootcoord;

import io.elanus.rootcoord.pin.PinLimits;
import io.elanus.rootcoord.security.SecurityLimits;
import java.time.Duration;

/// @param leaseTtl how long after the leader's death a standby may take over
/// @param requestTimeout of one request, its wait for a drop included
/// @param queuedCommands catalog changes that wait at most; one more is refused
/// @param maxDatabases, maxCollections of the cluster
/// @param security how many users, roles and grants
/// @param pins how much of the past is kept for readers
public record RootCoordConfig(
    Duration leaseTtl,
    Duration requestTimeout,
    int queuedCommands,
    int maxDatabases,
    int maxCollections,
    SecurityLimits security,
    PinLimits pins) {
  public static final RootCoordConfig DEFAULT =
      new RootCoordConfig(Duration.ofSeconds(5), Duration.ofSeconds(30), 4_096, 64, 65_536);

  public RootCoordConfig {
    require(leaseTtl.toMillis() >= 1_000, "rootcoord lease ttl below 1 s: " + leaseTtl);
    require(requestTimeout.isPositive(), "rootcoord request timeout: " + requestTimeout);
    require(queuedCommands >= 1, "rootcoord queued commands: " + queuedCommands);
    require(maxDatabases >= 1, "max databases: " + maxDatabases);
    require(maxCollections >= 1, "max collections: " + maxCollections);
  }

  public RootCoordConfig(
      Duration leaseTtl,
      Duration requestTimeout,
      int queuedCommands,
      int maxDatabases,
      int maxCollections) {
    this(
        leaseTtl,
        requestTimeout,
        queuedCommands,
        maxDatabases,
        maxCollections,
        SecurityLimits.DEFAULT,
        PinLimits.DEFAULT);
  }

  public RootCoordConfig with(SecurityLimits limits) {
    return new RootCoordConfig(
        leaseTtl, requestTimeout, queuedCommands, maxDatabases, maxCollections, limits, pins);
  }

  public RootCoordConfig with(PinLimits limits) {
    return new RootCoordConfig(
        leaseTtl, requestTimeout, queuedCommands, maxDatabases, maxCollections, security, limits);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
