package io.elanus.common.manifest;

import io.elanus.common.model.PartitionId;
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
/// @param droppedPartitions partitions whose drop was applied, in that order: rows that come for them are none
/// @param writeSlots the largest version that a key of each slot was written at, or a larger one; empty before the
///     first partial upsert
/// @param expiry which rows have outlived their collection's TTL, for reads from the horizon on
/// @param marks those before `position` that are pinned still, by ascending mark; none lies below the horizon
public record Checkpoint(
    Position position,
    long version,
    long ddlSequence,
    long horizon,
    boolean dropped,
    List<WriterWindow> writers,
    List<PartitionId> droppedPartitions,
    Expiry expiry,
    List<Long> writeSlots,
    List<MarkPoint> marks) {
  /// Slots of keys, by their hash.
  public static final int WRITE_SLOTS = 4_096;

  public Checkpoint {
    writeSlots = List.copyOf(writeSlots);
    if (!writeSlots.isEmpty() && writeSlots.size() != WRITE_SLOTS) {
      throw new IllegalArgumentException("%d write slots".formatted(writeSlots.size()));
    }
    writers = List.copyOf(writers);
    droppedPartitions = List.copyOf(droppedPartitions);
    marks = List.copyOf(marks);
  }

  /// Of a shard that has met no partial upsert and no mark of which is pinned.
  public Checkpoint(
      Position position,
      long version,
      long ddlSequence,
      long horizon,
      boolean dropped,
      List<WriterWindow> writers,
      List<PartitionId> droppedPartitions,
      Expiry expiry) {
    this(
        position,
        version,
        ddlSequence,
        horizon,
        dropped,
        writers,
        droppedPartitions,
        expiry,
        List.of(),
        List.of());
  }

  /// Of a shard that lost no partition and whose rows do not expire.
  public Checkpoint(
      Position position,
      long version,
      long ddlSequence,
      long horizon,
      boolean dropped,
      List<WriterWindow> writers) {
    this(position, version, ddlSequence, horizon, dropped, writers, List.of(), Expiry.NONE);
  }

  /// Of a shard nothing was written to before `position`.
  public static Checkpoint start(Position position) {
    return new Checkpoint(position, 0, 0, 0, false, List.of());
  }
}
