package io.elanus.common.model;

/// A timestamp of the oracle: 46 bits of milliseconds since 1970, then 18 bits of counter, as in Milvus.
public final class HybridTimestamp {
  /// Timestamps that share one millisecond.
  public static final int LOGICAL_BITS = 18;

  private HybridTimestamp() {}

  public static long of(long millis, int logical) {
    return millis << LOGICAL_BITS | logical;
  }

  public static long millis(long timestamp) {
    return timestamp >>> LOGICAL_BITS;
  }

  public static int logical(long timestamp) {
    return (int) (timestamp & ((1L << LOGICAL_BITS) - 1));
  }
}
