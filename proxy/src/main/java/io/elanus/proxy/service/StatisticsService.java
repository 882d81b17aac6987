package io.elanus.proxy.service;

import io.elanus.common.model.Collection;
import io.elanus.common.model.PartitionId;
import io.elanus.proto.internal.CollectionStatisticsRequest;
import io.elanus.proto.internal.PersistentSegmentsRequest;
import io.elanus.proto.milvus.GetCollectionStatisticsRequest;
import io.elanus.proto.milvus.GetCollectionStatisticsResponse;
import io.elanus.proto.milvus.GetPartitionStatisticsRequest;
import io.elanus.proto.milvus.GetPartitionStatisticsResponse;
import io.elanus.proto.milvus.GetPersistentSegmentInfoRequest;
import io.elanus.proto.milvus.GetPersistentSegmentInfoResponse;
import io.elanus.proto.milvus.PersistentSegmentInfo;
import io.elanus.proto.milvus.SegmentLevel;
import io.elanus.proto.milvus.SegmentState;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.Partitions;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;

/// How many rows there are, in segments and in the log, and which segments. Deletes are not subtracted.
public final class StatisticsService {
  private static final String ROW_COUNT = "row_count";

  /// Columns of one file, as Milvus numbers its layouts.
  private static final long STORAGE_VERSION = 2;

  private final Peers peers;
  private final CollectionCache collections;

  public StatisticsService(Peers peers, CollectionCache collections) {
    this.peers = peers;
    this.collections = collections;
  }

  public GetCollectionStatisticsResponse getCollectionStatistics(
      GetCollectionStatisticsRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName());
    return GetCollectionStatisticsResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addStats(Requests.pair(ROW_COUNT, Long.toString(rowCount(collection, 0))))
        .build();
  }

  public GetPartitionStatisticsResponse getPartitionStatistics(
      GetPartitionStatisticsRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName());
    PartitionId partition = Partitions.one(collection, request.getPartitionName());
    return GetPartitionStatisticsResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addStats(Requests.pair(ROW_COUNT, Long.toString(rowCount(collection, partition.value()))))
        .build();
  }

  private Collection ask(String database, String name) {
    return collections.ask(Requests.database(database), name).collection();
  }

  /// @param partition 0 for all
  private long rowCount(Collection collection, long partition) {
    CollectionStatisticsRequest request =
        CollectionStatisticsRequest.newBuilder()
            .setCollectionId(collection.id().value())
            .setPartitionId(partition)
            .build();
    return peers.dataCoord().collectionStatistics(request).getRowCount();
  }

  /// Those that are in the bucket.
  public GetPersistentSegmentInfoResponse getPersistentSegmentInfo(
      GetPersistentSegmentInfoRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName());
    GetPersistentSegmentInfoResponse.Builder response =
        GetPersistentSegmentInfoResponse.newBuilder().setStatus(StatusMapper.success());
    peers
        .dataCoord()
        .persistentSegments(
            PersistentSegmentsRequest.newBuilder().setCollectionId(collection.id().value()).build())
        .getSegmentsList()
        .forEach(segment ->
            response.addInfos(
                PersistentSegmentInfo.newBuilder()
                    .setSegmentID(segment.getSegmentId())
                    .setCollectionID(collection.id().value())
                    .setPartitionID(segment.getPartitionId())
                    .setNumRows(segment.getRowCount())
                    .setState(SegmentState.Flushed)
                    .setLevel(SegmentLevel.L1)
                    .setIsSorted(true)
                    .setStorageVersion(STORAGE_VERSION)));
    return response.build();
  }
}
