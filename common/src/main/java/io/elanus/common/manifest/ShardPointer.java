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
public record ShardPointer(
    ShardId shard,
    ObjectKey manifest,
    long version,
    long epoch,
    Position checkpoint,
    long effectiveVersion,
    long horizon,
    long oldestReadable) {}
