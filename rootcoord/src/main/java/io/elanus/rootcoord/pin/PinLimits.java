package io.elanus.rootcoord.pin;

import java.time.Duration;

/// How much of the past is kept for readers.
///
/// @param iteratorTtl how long an iterator may stand still between two pages
/// @param maxOfCollection pins of one collection: 16 bytes each, in one entry of the metastore and in each manifest
/// @param max pins of the cluster
public record PinLimits(Duration iteratorTtl, int maxOfCollection, int max) {
  /// Ten minutes are longer than people look at a page, and short enough that what they leave behind holds up the
  /// purging of deleted rows for minutes only. An iterator counts until it has expired: 1,024 in ten minutes.
  public static final PinLimits DEFAULT = new PinLimits(Duration.ofMinutes(10), 1_024, 16_384);

  public PinLimits {
    if (!iteratorTtl.isPositive() || maxOfCollection < 1 || max < 1) {
      throw new IllegalArgumentException(
          "pins: %s, %d, %d".formatted(iteratorTtl, maxOfCollection, max));
    }
  }
}
