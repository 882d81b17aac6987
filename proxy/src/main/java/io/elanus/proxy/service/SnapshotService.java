package io.elanus.proxy.service;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.object.ObjectLayout;
import io.elanus.proto.internal.PartitionMeta;
import io.elanus.proto.internal.RestoreMeta;
import io.elanus.proto.internal.RestoreProgress;
import io.elanus.proto.internal.RestoresRequest;
import io.elanus.proto.internal.SnapshotMeta;
import io.elanus.proto.internal.SnapshotsRequest;
import io.elanus.proto.internal.TakeSnapshotRequest;
import io.elanus.proto.milvus.CreateSnapshotRequest;
import io.elanus.proto.milvus.DescribeSnapshotRequest;
import io.elanus.proto.milvus.DescribeSnapshotResponse;
import io.elanus.proto.milvus.DropSnapshotRequest;
import io.elanus.proto.milvus.GetRestoreSnapshotStateRequest;
import io.elanus.proto.milvus.GetRestoreSnapshotStateResponse;
import io.elanus.proto.milvus.ListRestoreSnapshotJobsRequest;
import io.elanus.proto.milvus.ListRestoreSnapshotJobsResponse;
import io.elanus.proto.milvus.ListSnapshotsRequest;
import io.elanus.proto.milvus.ListSnapshotsResponse;
import io.elanus.proto.milvus.RestoreSnapshotInfo;
import io.elanus.proto.milvus.RestoreSnapshotRequest;
import io.elanus.proto.milvus.RestoreSnapshotResponse;
import io.elanus.proto.milvus.RestoreSnapshotState;
import io.elanus.proto.milvus.Status;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.schema.Names;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.List;

/// Snapshots of collections. A snapshot is there when the call returns, with every row that was acknowledged
/// before it, flushed or not.
public final class SnapshotService {
  private final CollectionCache collections;
  private final Peers peers;

  public SnapshotService(CollectionCache collections, Peers peers) {
    this.collections = collections;
    this.peers = peers;
  }

  /// For how long compaction is to leave the segments alone has no effect: what a snapshot names is kept, whatever
  /// is done to the collection.
  public Status createSnapshot(CreateSnapshotRequest request) {
    Names.checkSnapshot(request.getName());
    if (request.getCompactionProtectionSeconds() < 0) {
      throw Invalid.parameter("compaction_protection_seconds must be non-negative");
    }
    Collection collection = collection(request.getDbName(), request.getCollectionName());
    peers
        .dataCoord()
        .takeSnapshot(
            TakeSnapshotRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .setName(request.getName())
                .setDescription(request.getDescription())
                .build());
    return StatusMapper.success();
  }

  public Status dropSnapshot(DropSnapshotRequest request) {
    Names.checkSnapshot(request.getName());
    requireCollection(request.getCollectionName(), "drop snapshot");
    Collection collection = collection(request.getDbName(), request.getCollectionName());
    peers
        .dataCoord()
        .dropSnapshot(
            io.elanus.proto.internal.DropSnapshotRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .setName(request.getName())
                .build());
    return StatusMapper.success();
  }

  /// Oldest first.
  public ListSnapshotsResponse listSnapshots(ListSnapshotsRequest request) {
    requireCollection(request.getCollectionName(), "ListSnapshots");
    Collection collection = collection(request.getDbName(), request.getCollectionName());
    return ListSnapshotsResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addAllSnapshots(snapshots(collection).stream().map(SnapshotMeta::getName).toList())
        .build();
  }

  /// `create_ts` is the hybrid timestamp of its mark.
  public DescribeSnapshotResponse describeSnapshot(DescribeSnapshotRequest request) {
    Names.checkSnapshot(request.getName());
    requireCollection(request.getCollectionName(), "describe snapshot");
    Collection collection = collection(request.getDbName(), request.getCollectionName());
    SnapshotMeta snapshot = snapshot(collection, request.getName());
    return DescribeSnapshotResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setName(snapshot.getName())
        .setDescription(snapshot.getDescription())
        .setCollectionName(collection.name())
        .addAllPartitionNames(
            snapshot.getCollection().getPartitionsList().stream()
                .map(PartitionMeta::getName)
                .toList())
        .setCreateTs(snapshot.getMark())
        .setS3Location(location(collection, snapshot))
        .build();
  }

  /// Its object in the bucket.
  private static String location(Collection collection, SnapshotMeta snapshot) {
    return ObjectLayout.snapshot(collection.id(), snapshot.getSnapshotId()).value();
  }

  /// Returns at once; the new collection can be seen when the job is completed. It is made anew whether or not
  /// `rewrite_data` is set. Without a database it is made in the snapshot's.
  public RestoreSnapshotResponse restoreSnapshot(RestoreSnapshotRequest request) {
    Names.checkSnapshot(request.getName());
    requireCollection(request.getCollectionName(), "restore snapshot");
    if (request.getTargetCollectionName().isEmpty()) {
      throw missing("target_collection_name is required for restore snapshot");
    }
    Names.checkCollection(request.getTargetCollectionName());
    Collection source = collection(request.getDbName(), request.getCollectionName());
    String database =
        request.getTargetDbName().isEmpty() ? source.databaseName() : request.getTargetDbName();
    requireAbsent(database, request.getTargetCollectionName());
    var begun =
        peers
            .dataCoord()
            .restoreSnapshot(
                io.elanus.proto.internal.RestoreSnapshotRequest.newBuilder()
                    .setCollectionId(source.id().value())
                    .setName(request.getName())
                    .setTargetDatabase(database)
                    .setTargetName(request.getTargetCollectionName())
                    .build());
    return RestoreSnapshotResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setJobId(begun.getRestoreId())
        .build();
  }

  private void requireAbsent(String database, String name) {
    try {
      collections.ask(database, name);
    } catch (DbException e) {
      if (e.code() == ErrorCode.COLLECTION_NOT_FOUND) {
        return;
      }
      throw e;
    }
    throw Invalid.parameter("cannot restore to collection %s: it exists", name);
  }

  public GetRestoreSnapshotStateResponse getRestoreSnapshotState(
      GetRestoreSnapshotStateRequest request) {
    return restores().stream()
        .filter(restore -> restore.getRestore().getRestoreId() == request.getJobId())
        .findFirst()
        .map(restore ->
            GetRestoreSnapshotStateResponse.newBuilder()
                .setStatus(StatusMapper.success())
                .setInfo(info(restore))
                .build())
        .orElseThrow(() -> Invalid.parameter("restore job %d not found", request.getJobId()));
  }

  /// Of one collection that is being made, of those of one database, or all.
  public ListRestoreSnapshotJobsResponse listRestoreSnapshotJobs(
      ListRestoreSnapshotJobsRequest request) {
    return ListRestoreSnapshotJobsResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addAllJobs(
            restores().stream()
                .map(SnapshotService::info)
                .filter(job -> isNamed(request.getDbName(), job.getDbName()))
                .filter(job -> isNamed(request.getCollectionName(), job.getCollectionName()))
                .toList())
        .build();
  }

  private static boolean isNamed(String wanted, String name) {
    return wanted.isEmpty() || wanted.equals(name);
  }

  private List<RestoreProgress> restores() {
    return peers.dataCoord().restores(RestoresRequest.getDefaultInstance()).getRestoresList();
  }

  private static RestoreSnapshotInfo info(RestoreProgress progress) {
    RestoreMeta restore = progress.getRestore();
    return RestoreSnapshotInfo.newBuilder()
        .setJobId(restore.getRestoreId())
        .setSnapshotName(restore.getSnapshotName())
        .setDbName(restore.getTargetDatabase())
        .setCollectionName(restore.getTargetName())
        .setState(state(restore))
        .setProgress(progress.getPercent())
        .setReason(restore.getEnded().getFailure())
        .setStartTime(HybridTimestamp.millis(restore.getStartedTimestamp()))
        .setTimeCost(progress.getMillis())
        .build();
  }

  private static RestoreSnapshotState state(RestoreMeta restore) {
    if (restore.hasRunning()) {
      return restore.getRunning().getMade()
          ? RestoreSnapshotState.RestoreSnapshotExecuting
          : RestoreSnapshotState.RestoreSnapshotPending;
    }
    return restore.getEnded().getFailure().isEmpty()
        ? RestoreSnapshotState.RestoreSnapshotCompleted
        : RestoreSnapshotState.RestoreSnapshotFailed;
  }

  private SnapshotMeta snapshot(Collection collection, String name) {
    return snapshots(collection).stream()
        .filter(snapshot -> snapshot.getName().equals(name))
        .findFirst()
        .orElseThrow(() ->
            Invalid.parameter("snapshot %s not found for collection %s", name, collection.id()));
  }

  private List<SnapshotMeta> snapshots(Collection collection) {
    return peers
        .dataCoord()
        .snapshots(SnapshotsRequest.newBuilder().setCollectionId(collection.id().value()).build())
        .getSnapshotsList();
  }

  private Collection collection(String database, String name) {
    return collections.ask(Requests.database(database), name).collection();
  }

  private static void requireCollection(String name, String what) {
    if (name.isEmpty()) {
      throw missing("collection_name is required for %s".formatted(what));
    }
  }

  private static DbException missing(String reason) {
    return Invalid.of(ErrorCode.MISSING_PARAMETER, reason);
  }
}
