package io.elanus.querynode;

import java.nio.file.Path;
import java.time.Duration;

/// @param cache folder of segment files; survives restarts, may be lost at any time
/// @param cacheBytes files kept there at most; those in use are never removed
/// @param memoryBytes segment and index files in use at most, as they are mapped; a load beyond it fails
/// @param partFromBytes size from which a segment that is not on disk is read by ranges of its object until
///     it is
/// @param heapBytes that reads may take together, while they are computed
/// @param leaseTtl of this node's membership
public record QueryNodeConfig(
    Path cache,
    long cacheBytes,
    long memoryBytes,
    long partFromBytes,
    long heapBytes,
    Duration leaseTtl) {
  /// A smaller file is brought in little more time than a few of its ranges.
  public static final long DEFAULT_PART_FROM_BYTES = 8L << 20;

  public QueryNodeConfig {
    if (cacheBytes < 1 || memoryBytes < 1 || heapBytes < 1) {
      throw new IllegalArgumentException(
          "cache of %d bytes, memory of %d bytes, heap of %d bytes"
              .formatted(cacheBytes, memoryBytes, heapBytes));
    }
  }

  /// As much as the machine has.
  public QueryNodeConfig(Path cache, Duration leaseTtl) {
    this(cache, Long.MAX_VALUE, Long.MAX_VALUE, DEFAULT_PART_FROM_BYTES, Long.MAX_VALUE, leaseTtl);
  }
}
