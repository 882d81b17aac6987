package io.elanus.common.manifest;

import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.wal.Position;
import java.util.List;
import java.util.Optional;

/// What a shard is made of up to its checkpoint. A shard at an instant = one manifest + the tail of the
/// log after its checkpoint. Immutable; every commit of a shard's owner writes a new one.
///
/// @param version 1 for the first, its parent's plus one for every other
/// @param epoch of the owner that wrote it
/// @param attempt distinguishes objects of the same epoch and version of which at most one was committed
/// @param parent key of the manifest it was made from; empty for the first
/// @param segments in the order of their ids
/// @param recentEdits ids of the last edits, oldest first, so that a repeated edit is recognised
/// @param spill of a halted shard: its records from the checkpoint on
public record Manifest(
    ShardId shard,
    long version,
    long epoch,
    long attempt,
    Optional<ObjectKey> parent,
    Checkpoint checkpoint,
    List<SegmentEntry> segments,
    List<DeleteFileEntry> deleteFiles,
    List<Long> recentEdits,
    Optional<Spill> spill) {
  /// How many edit ids are kept.
  public static final int RECENT_EDITS = 64;

  public Manifest {
    segments = List.copyOf(segments);
    deleteFiles = List.copyOf(deleteFiles);
    recentEdits = List.copyOf(recentEdits);
  }

  /// Of a shard that is not halted.
  public Manifest(
      ShardId shard,
      long version,
      long epoch,
      long attempt,
      Optional<ObjectKey> parent,
      Checkpoint checkpoint,
      List<SegmentEntry> segments,
      List<DeleteFileEntry> deleteFiles,
      List<Long> recentEdits) {
    this(
        shard,
        version,
        epoch,
        attempt,
        parent,
        checkpoint,
        segments,
        deleteFiles,
        recentEdits,
        Optional.empty());
  }

  Manifest with(List<PartitionId> droppedPartitions) {
    Checkpoint c = checkpoint;
    return new Manifest(
        shard,
        version,
        epoch,
        attempt,
        parent,
        new Checkpoint(
            c.position(),
            c.version(),
            c.ddlSequence(),
            c.horizon(),
            c.dropped(),
            c.writers(),
            droppedPartitions),
        segments,
        deleteFiles,
        recentEdits,
        spill);
  }

  /// The shard needs no record of the log before it: the checkpoint, or the end of the spill.
  public Position covered() {
    return spill.map(Spill::through).orElse(checkpoint.position());
  }

  public long rowCount() {
    return segments.stream().mapToLong(SegmentEntry::rowCount).sum();
  }
}
