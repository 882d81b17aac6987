package io.elanus.proxy;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.proto.internal.DropSnapshotRequest;
import io.elanus.proto.internal.DropSnapshotResponse;
import io.elanus.proto.internal.RestoreEndedMeta;
import io.elanus.proto.internal.RestoreMeta;
import io.elanus.proto.internal.RestoreProgress;
import io.elanus.proto.internal.RestoreRunningMeta;
import io.elanus.proto.internal.RestoreSnapshotRequest;
import io.elanus.proto.internal.RestoreSnapshotResponse;
import io.elanus.proto.internal.RestoresResponse;
import io.elanus.proto.internal.ShardImageMeta;
import io.elanus.proto.internal.SnapshotMeta;
import io.elanus.proto.internal.SnapshotsResponse;
import io.elanus.proto.internal.TakeSnapshotRequest;
import io.elanus.proto.internal.TakeSnapshotResponse;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.ArrayList;
import java.util.List;

/// The snapshots of a datacoord in memory. Used by one thread at a time.
final class MemorySnapshots {
  private final List<SnapshotMeta> taken = new ArrayList<>();
  private final List<RestoreProgress> restores = new ArrayList<>();

  TakeSnapshotResponse take(Collection collection, TakeSnapshotRequest request) {
    if (of(request.getCollectionId()).getSnapshotsList().stream()
        .anyMatch(s -> s.getName().equals(request.getName()))) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "snapshot name %s already exists", request.getName());
    }
    long id = taken.size() + 1;
    taken.add(
        SnapshotMeta.newBuilder()
            .setSnapshotId(id)
            .setName(request.getName())
            .setDescription(request.getDescription())
            .setCollection(CatalogCodec.encode(collection))
            .setMark(id << 40)
            .addShards(ShardImageMeta.newBuilder().setManifestKey("1a2b/c7/s0/manifest/1"))
            .build());
    return TakeSnapshotResponse.newBuilder().setSnapshotId(id).build();
  }

  SnapshotsResponse of(long collection) {
    return SnapshotsResponse.newBuilder()
        .addAllSnapshots(
            taken.stream().filter(s -> s.getCollection().getId() == collection).toList())
        .build();
  }

  /// One is under way, and one has failed.
  RestoreSnapshotResponse restore(RestoreSnapshotRequest request) {
    RestoreMeta.Builder restore =
        RestoreMeta.newBuilder()
            .setRestoreId(70L + restores.size())
            .setSnapshotName(request.getName())
            .setSourceId(request.getCollectionId())
            .setTargetDatabase(request.getTargetDatabase())
            .setTargetName(request.getTargetName())
            .setStartedTimestamp(1_000L << 18);
    if (restores.isEmpty()) {
      restore.setRunning(RestoreRunningMeta.getDefaultInstance());
    } else {
      restore.setEnded(RestoreEndedMeta.newBuilder().setFailure("no room"));
    }
    restores.add(
        RestoreProgress.newBuilder().setRestore(restore).setPercent(40).setMillis(250).build());
    return RestoreSnapshotResponse.newBuilder().setRestoreId(restore.getRestoreId()).build();
  }

  RestoresResponse restores() {
    return RestoresResponse.newBuilder().addAllRestores(restores).build();
  }

  DropSnapshotResponse drop(DropSnapshotRequest request) {
    boolean dropped =
        taken.removeIf(s ->
            s.getCollection().getId() == request.getCollectionId()
                && s.getName().equals(request.getName()));
    if (!dropped) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "snapshot %s not found for collection %d", request.getName(), request.getCollectionId());
    }
    return DropSnapshotResponse.getDefaultInstance();
  }
}
