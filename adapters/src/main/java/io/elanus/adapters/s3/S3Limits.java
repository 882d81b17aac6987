package io.elanus.adapters.s3;

import java.time.Duration;

/// How much at once, and how long. One store per process, so these hold for the process.
///
/// @param partBytes of an upload or download in parts: 5 MiB to 5 GiB. 8 MiB was the quickest of those measured
/// @param transfers parts on their way at once, 1 or more
/// @param requests at once in all, more than `transfers`, so that small requests pass beside large files
/// @param tries of one request at most, 1 or more
/// @param tryLimit for one try
/// @param callLimit for all tries of one request and the pauses between them
public record S3Limits(
    long partBytes, int transfers, int requests, int tries, Duration tryLimit, Duration callLimit) {
  /// 16 parts of 8 MiB fill 10 Gbit/s at 100 ms a part; 10 tries pass a storm that refuses every third request
  /// in all but 6 of a million cases.
  public static final S3Limits DEFAULT =
      new S3Limits(8L << 20, 16, 64, 10, Duration.ofSeconds(20), Duration.ofSeconds(60));

  static final long MIN_PART_BYTES = 5L << 20;
  static final long MAX_PART_BYTES = 5L << 30;

  public S3Limits {
    if (partBytes < MIN_PART_BYTES || partBytes > MAX_PART_BYTES) {
      throw new IllegalArgumentException("parts of %d bytes".formatted(partBytes));
    }
    if (transfers < 1 || requests <= transfers || tries < 1) {
      throw new IllegalArgumentException(
          "%d transfers of %d requests, %d tries".formatted(transfers, requests, tries));
    }
    if (!tryLimit.isPositive() || callLimit.compareTo(tryLimit) < 0) {
      throw new IllegalArgumentException(
          "%s for a try of %s in all".formatted(tryLimit, callLimit));
    }
  }
}
