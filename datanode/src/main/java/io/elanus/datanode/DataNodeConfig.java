package io.elanus.datanode;

import java.nio.file.Path;
import java.time.Duration;

/// @param scratch folder for files on their way to the bucket; emptied at start
/// @param flushBytes a shard whose tail holds this much is flushed; so is the largest of a log whose tails
///     together hold this much
/// @param flushAge a shard whose oldest unflushed record is this old is flushed
/// @param segmentRows most rows of one segment; a larger flush makes several
/// @param leaseTtl of this node's membership
public record DataNodeConfig(
    Path scratch, long flushBytes, Duration flushAge, int segmentRows, Duration leaseTtl) {
  /// Ten minutes: short enough that a restart replays little, long enough that small tails do not become
  /// small segments.
  public static final Duration DEFAULT_FLUSH_AGE = Duration.ofMinutes(10);

  /// Four million: the index of a segment fits a node, a 128-dimensional column its 2 GiB page.
  public static final int DEFAULT_SEGMENT_ROWS = 4_000_000;

  public DataNodeConfig {
    if (flushBytes < 1 << 10 || flushAge.isNegative() || flushAge.isZero() || segmentRows < 1) {
      throw new IllegalArgumentException(
          "flush bytes %d, flush age %s, segment rows %d"
              .formatted(flushBytes, flushAge, segmentRows));
    }
  }
}
