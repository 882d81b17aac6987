package io.elanus.common.manifest;

import io.elanus.common.wal.Position;
import java.util.List;

/// Where a consumer of a shard goes on: everything before `position` is in the manifest, nothing at or
/// after it.
///
/// @param version the effective version of the last accepted record before `position`; 0 before the first
/// @param ddlSequence of the last control record applied
/// @param horizon versions below it may have lost rows that were deleted since: no read goes below
/// @param dropped whether the collection's drop was applied: the shard is empty for good
/// @param writers the repeat window of each writer, by writer
/// @param expiry which rows have outlived their collection's TTL, for reads from the horizon on
public record Checkpoint(
    Position position,
    long version,
    long ddlSequence,
    long horizon,
    boolean dropped,
    List<WriterWindow> writers,
    Expiry expiry) {
  public Checkpoint {
    writers = List.copyOf(writers);
  }

  /// Of a shard whose rows do not expire.
  public Checkpoint(
      Position position,
      long version,
      long ddlSequence,
      long horizon,
      boolean dropped,
      List<WriterWindow> writers) {
    this(position, version, ddlSequence, horizon, dropped, writers, Expiry.NONE);
  }

  /// Of a shard nothing was written to before `position`.
  public static Checkpoint start(Position position) {
    return new Checkpoint(position, 0, 0, 0, false, List.of());
  }
}
