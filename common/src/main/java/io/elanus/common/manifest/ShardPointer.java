package io.elanus.common.manifest;

import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.wal.Position;

/// The value of `pointer/<collection>/<shard>`: which manifest is the shard's newest. Its compare-and-set
/// is the one commit point of the write path.
///
/// @param version, epoch of the manifest
/// @param effectiveVersion, horizon, checkpoint as in the manifest's checkpoint
/// @param oldestReadable manifests below this version may have lost their objects
/// @param covered the shard needs no record of the log before it: the checkpoint, or further on the end
///     of the spill of a halted shard
/// @param fence attempts with a smaller id commit nothing new any more: objects of theirs that no readable
///     manifest names are never going to be named
public record ShardPointer(
    ShardId shard,
    ObjectKey manifest,
    long version,
    long epoch,
    Position checkpoint,
    long effectiveVersion,
    long horizon,
    long oldestReadable,
    Position covered,
    long fence) {
  /// Of a shard that is not halted.
  public ShardPointer(
      ShardId shard,
      ObjectKey manifest,
      long version,
      long epoch,
      Position checkpoint,
      long effectiveVersion,
      long horizon,
      long oldestReadable) {
    this(
        shard,
        manifest,
        version,
        epoch,
        checkpoint,
        effectiveVersion,
        horizon,
        oldestReadable,
        checkpoint);
  }

  /// Of a shard of which nothing was swept.
  public ShardPointer(
      ShardId shard,
      ObjectKey manifest,
      long version,
      long epoch,
      Position checkpoint,
      long effectiveVersion,
      long horizon,
      long oldestReadable,
      Position covered) {
    this(
        shard,
        manifest,
        version,
        epoch,
        checkpoint,
        effectiveVersion,
        horizon,
        oldestReadable,
        covered,
        0);
  }

  /// The same manifest, with older ones out of reach and older attempts kept out.
  public ShardPointer swept(long newOldestReadable, long newFence) {
    return new ShardPointer(
        shard,
        manifest,
        version,
        epoch,
        checkpoint,
        effectiveVersion,
        horizon,
        Math.max(oldestReadable, newOldestReadable),
        covered,
        Math.max(fence, newFence));
  }

  /// Its owner met a record that it cannot apply, and keeps all from there on in spill files.
  public boolean isHalted() {
    return !covered.equals(checkpoint);
  }
}
