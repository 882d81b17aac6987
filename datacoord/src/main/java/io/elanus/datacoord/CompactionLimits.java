package io.elanus.datacoord;

/// What compaction makes, and when it is worth it.
///
/// @param automatic whether anything is done that nobody asked for; a collection may say otherwise for itself
/// @param targetBytes of a segment's file at most, as far as merging makes it
/// @param maxRows of a segment at most
/// @param fanIn segments of a size that are merged; 2 or more
/// @param goneShare of the rows whose removal is worth writing the others again, in 0..1
public record CompactionLimits(
    boolean automatic, long targetBytes, int maxRows, int fanIn, double goneShare) {
  /// 1 GiB: as Milvus. 4,000,000 rows: as the largest that a flush makes. Four: each row is written again
  /// three or four times before its segment is full. A fifth: as Milvus.
  public static final CompactionLimits DEFAULT =
      new CompactionLimits(true, 1L << 30, 4_000_000, 4, 0.2);

  /// A column of a segment file stays below 2 GiB.
  public static final long MAX_TARGET_BYTES = 1_900_000_000L;

  public CompactionLimits {
    require(targetBytes >= 1 && targetBytes <= MAX_TARGET_BYTES, "target bytes", targetBytes);
    require(maxRows >= 1, "max rows", maxRows);
    require(fanIn >= 2, "fan-in", fanIn);
    require(goneShare >= 0 && goneShare <= 1, "gone share", goneShare);
  }

  /// The same, but for what an operator says.
  public CompactionLimits with(boolean byItself, long newTargetBytes) {
    return new CompactionLimits(byItself, newTargetBytes, maxRows, fanIn, goneShare);
  }

  private static void require(boolean holds, String what, Object value) {
    if (!holds) {
      throw new IllegalArgumentException("compaction %s: %s".formatted(what, value));
    }
  }
}
