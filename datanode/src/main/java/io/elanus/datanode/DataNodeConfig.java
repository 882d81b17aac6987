package io.elanus.datanode;

import java.nio.file.Path;
import java.time.Duration;

/// @param scratch folder for files on their way to the bucket; emptied at start
/// @param flushBytes a shard whose tail holds this much is flushed; so is the largest of a log whose tails
///     together hold this much
/// @param flushAge a shard whose oldest unflushed record is this old is flushed
/// @param segmentRows most rows of one segment; a larger flush makes several
/// @param leaseTtl of this node's membership: how long after its death another takes its logs over
/// @param trimHoldBack how long the log keeps what lies below a floor, for leaders that lag behind; one that
///     lags further takes the newest manifest
/// @param jobWait how long datacoord may hold the question for a compaction
public record DataNodeConfig(
    Path scratch,
    long flushBytes,
    Duration flushAge,
    int segmentRows,
    Duration leaseTtl,
    Duration trimHoldBack,
    Duration jobWait) {
  /// Ten minutes: short enough that a restart replays little, long enough that small tails do not become
  /// small segments.
  public static final Duration DEFAULT_FLUSH_AGE = Duration.ofMinutes(10);

  /// Four million: the index of a segment fits a node, a 128-dimensional column its 2 GiB page.
  public static final int DEFAULT_SEGMENT_ROWS = 4_000_000;

  /// Ten seconds: writes go on without an owner, so it may be long; flushes and edits wait, so not longer.
  public static final Duration DEFAULT_LEASE_TTL = Duration.ofSeconds(10);

  /// A minute: longer than a leader that is well lags behind.
  public static final Duration DEFAULT_TRIM_HOLD_BACK = Duration.ofMinutes(1);

  /// Half a minute, as for index builds.
  public static final Duration DEFAULT_JOB_WAIT = Duration.ofSeconds(30);

  public DataNodeConfig {
    require(flushBytes >= 1 << 10, "flush bytes " + flushBytes);
    require(flushAge.isPositive(), "flush age " + flushAge);
    require(segmentRows >= 1, "segment rows " + segmentRows);
    require(!trimHoldBack.isNegative(), "trim hold-back " + trimHoldBack);
  }

  public DataNodeConfig(
      Path scratch, long flushBytes, Duration flushAge, int segmentRows, Duration leaseTtl) {
    this(scratch, flushBytes, flushAge, segmentRows, leaseTtl, DEFAULT_TRIM_HOLD_BACK);
  }

  public DataNodeConfig(
      Path scratch,
      long flushBytes,
      Duration flushAge,
      int segmentRows,
      Duration leaseTtl,
      Duration trimHoldBack) {
    this(scratch, flushBytes, flushAge, segmentRows, leaseTtl, trimHoldBack, DEFAULT_JOB_WAIT);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("datanode: " + what);
    }
  }
}
