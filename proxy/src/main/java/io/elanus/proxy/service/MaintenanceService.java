package io.elanus.proxy.service;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Partition;
import io.elanus.proto.internal.CompactRequest;
import io.elanus.proto.internal.CompactResponse;
import io.elanus.proto.internal.CompactionProgressRequest;
import io.elanus.proto.internal.CompactionProgressResponse;
import io.elanus.proto.milvus.CompactionMergeInfo;
import io.elanus.proto.milvus.CompactionState;
import io.elanus.proto.milvus.GetCompactionPlansRequest;
import io.elanus.proto.milvus.GetCompactionPlansResponse;
import io.elanus.proto.milvus.GetCompactionStateRequest;
import io.elanus.proto.milvus.GetCompactionStateResponse;
import io.elanus.proto.milvus.ManualCompactionRequest;
import io.elanus.proto.milvus.ManualCompactionResponse;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.CollectionView;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;

/// Compaction as SDKs ask for it. Where there is nothing to do the answer says so the way Milvus does: id -1,
/// no plans. A compaction that is not known any more is completed.
public final class MaintenanceService {
  private static final long NOTHING_TO_DO = -1;
  private static final long MIB = 1L << 20;

  private final CollectionCache collections;
  private final Peers peers;

  public MaintenanceService(CollectionCache collections, Peers peers) {
    this.collections = collections;
    this.peers = peers;
  }

  /// By name, or by id as older SDKs ask. `majorCompaction` sorts by a clustering key in Milvus; no collection
  /// has one here, so it is compacted as any other.
  public ManualCompactionResponse manualCompaction(ManualCompactionRequest request) {
    Collection collection = collection(request).collection();
    requirePartition(collection, request.getPartitionId());
    CompactResponse started =
        peers
            .dataCoord()
            .compact(
                CompactRequest.newBuilder()
                    .setCollectionId(collection.id().value())
                    .setPartitionId(request.getPartitionId())
                    .setTargetBytes(bytes(request.getTargetSize()))
                    .setPurgeOnly(request.getL0Compaction())
                    .build());
    return ManualCompactionResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setCompactionID(started.getCompactionId() == 0 ? NOTHING_TO_DO : started.getCompactionId())
        .setCompactionPlanCount(started.getJobCount())
        .build();
  }

  private CollectionView collection(ManualCompactionRequest request) {
    String database = Requests.database(request.getDbName());
    return request.getCollectionName().isEmpty()
        ? collections.ask(database, new CollectionId(request.getCollectionID()))
        : collections.ask(database, request.getCollectionName());
  }

  private static void requirePartition(Collection collection, long id) {
    if (id != 0
        && collection.partitions().stream().map(Partition::id).noneMatch(p -> p.value() == id)) {
      throw ErrorCode.PARTITION_NOT_FOUND.with("partition", id);
    }
  }

  /// SDKs ask for the largest number where the server is to choose.
  private static long bytes(long mebibytes) {
    return mebibytes > Long.MAX_VALUE / MIB ? Long.MAX_VALUE : Math.max(0, mebibytes) * MIB;
  }

  public GetCompactionStateResponse getCompactionState(GetCompactionStateRequest request) {
    CompactionProgressResponse progress = progress(request.getCompactionID());
    return GetCompactionStateResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setState(state(progress))
        .setExecutingPlanNo(progress.getWaiting())
        .setCompletedPlanNo(progress.getDone())
        .setFailedPlanNo(progress.getFailed())
        .build();
  }

  public GetCompactionPlansResponse getCompactionStateWithPlans(GetCompactionPlansRequest request) {
    CompactionProgressResponse progress = progress(request.getCompactionID());
    GetCompactionPlansResponse.Builder plans =
        GetCompactionPlansResponse.newBuilder()
            .setStatus(StatusMapper.success())
            .setState(state(progress));
    progress
        .getResultsList()
        .forEach(result ->
            plans.addMergeInfos(
                CompactionMergeInfo.newBuilder()
                    .addAllSources(result.getSourcesList())
                    .setTarget(result.getTarget())));
    return plans.build();
  }

  private CompactionProgressResponse progress(long id) {
    return id <= 0
        ? CompactionProgressResponse.getDefaultInstance()
        : peers
            .dataCoord()
            .compactionProgress(CompactionProgressRequest.newBuilder().setCompactionId(id).build());
  }

  private static CompactionState state(CompactionProgressResponse progress) {
    return progress.getExecuting() ? CompactionState.Executing : CompactionState.Completed;
  }
}
