package io.elanus.datacoord;

import java.time.Duration;

/// @param leaseTtl how long after the leader's death a standby may take over
/// @param requestTimeout of one request
/// @param queuedCommands commands that wait at most; one more is refused
/// @param maxFlushes flushes under way at most; one more is refused
/// @param jobLease how long a worker may be silent before its job is handed out again
/// @param moves when logs change hands
/// @param minIndexRows of a segment that gets index files; 1 or more
/// @param compaction what compaction makes, and when
/// @param sweepGrace how long an object that nothing names any more is kept at least, for readers that are
///     behind and workers that are slow
/// @param snapshots how many there may be
public record DataCoordConfig(
    Duration leaseTtl,
    Duration requestTimeout,
    int queuedCommands,
    int maxFlushes,
    Duration jobLease,
    Moves moves,
    int minIndexRows,
    CompactionLimits compaction,
    Duration sweepGrace,
    SnapshotLimits snapshots) {
  /// A quarter of an hour: a reader that is further behind takes the newest manifest anyway. A worker whose
  /// job is known to run is waited for beyond that.
  public static final Duration DEFAULT_SWEEP_GRACE = Duration.ofMinutes(15);

  public static final DataCoordConfig DEFAULT =
      new DataCoordConfig(
          Duration.ofSeconds(5), Duration.ofSeconds(30), 4_096, 10_000, Duration.ofSeconds(30));

  /// @param deathGrace after a gap in our own contact with the metastore: how long an owner may be missing
  ///     before its logs are given to others; as long as a node's lease lives
  /// @param balanceAfter how long no node may have come or gone before logs are moved for balance: longer
  ///     than a restart takes
  /// @param balancePause between two such moves
  /// @param flushPatience how long an owner may flush before its log is taken from it
  public record Moves(
      Duration deathGrace, Duration balanceAfter, Duration balancePause, Duration flushPatience) {
    public static final Moves DEFAULT =
        new Moves(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ofSeconds(20));

    public Moves {
      require(deathGrace.isPositive(), "datacoord death grace: " + deathGrace);
      require(!balanceAfter.isNegative(), "datacoord balance after: " + balanceAfter);
      require(balancePause.isPositive(), "datacoord balance pause: " + balancePause);
      require(flushPatience.isPositive(), "datacoord flush patience: " + flushPatience);
    }

    public Moves withDeathGrace(Duration grace) {
      return new Moves(grace, balanceAfter, balancePause, flushPatience);
    }
  }

  public DataCoordConfig {
    require(leaseTtl.toMillis() >= 1_000, "datacoord lease ttl below 1 s: " + leaseTtl);
    require(requestTimeout.isPositive(), "datacoord request timeout: " + requestTimeout);
    require(queuedCommands >= 1, "datacoord queued commands: " + queuedCommands);
    require(maxFlushes >= 1, "datacoord max flushes: " + maxFlushes);
    require(minIndexRows >= 1, "datacoord min index rows: " + minIndexRows);
    require(sweepGrace.isPositive(), "datacoord sweep grace: " + sweepGrace);
    require(jobLease.toMillis() >= 1_000, "datacoord job lease below 1 s: " + jobLease);
  }

  public DataCoordConfig(
      Duration leaseTtl,
      Duration requestTimeout,
      int queuedCommands,
      int maxFlushes,
      Duration jobLease) {
    this(leaseTtl, requestTimeout, queuedCommands, maxFlushes, jobLease, Moves.DEFAULT);
  }

  public DataCoordConfig(
      Duration leaseTtl,
      Duration requestTimeout,
      int queuedCommands,
      int maxFlushes,
      Duration jobLease,
      Moves moves) {
    this(
        leaseTtl,
        requestTimeout,
        queuedCommands,
        maxFlushes,
        jobLease,
        moves,
        IndexPlan.MIN_ROWS,
        CompactionLimits.DEFAULT,
        DEFAULT_SWEEP_GRACE,
        SnapshotLimits.DEFAULT);
  }

  /// The same, but for background work.
  public DataCoordConfig with(CompactionLimits limits, Duration grace) {
    return new DataCoordConfig(
        leaseTtl,
        requestTimeout,
        queuedCommands,
        maxFlushes,
        jobLease,
        moves,
        minIndexRows,
        limits,
        grace,
        snapshots);
  }

  /// The same, but for index files of small segments.
  public DataCoordConfig withMinIndexRows(int rows) {
    return new DataCoordConfig(
        leaseTtl,
        requestTimeout,
        queuedCommands,
        maxFlushes,
        jobLease,
        moves,
        rows,
        compaction,
        sweepGrace,
        snapshots);
  }

  /// The same, but for how many snapshots there may be.
  public DataCoordConfig with(SnapshotLimits limits) {
    return new DataCoordConfig(
        leaseTtl,
        requestTimeout,
        queuedCommands,
        maxFlushes,
        jobLease,
        moves,
        minIndexRows,
        compaction,
        sweepGrace,
        limits);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
