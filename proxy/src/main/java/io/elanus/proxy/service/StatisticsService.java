package io.elanus.proxy.service;

import io.elanus.common.model.Collection;
import io.elanus.proto.internal.CollectionStatisticsRequest;
import io.elanus.proto.milvus.GetCollectionStatisticsRequest;
import io.elanus.proto.milvus.GetCollectionStatisticsResponse;
import io.elanus.proto.milvus.GetPartitionStatisticsRequest;
import io.elanus.proto.milvus.GetPartitionStatisticsResponse;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.Partitions;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;

/// How many rows there are, in segments and in the log. Deletes are not subtracted.
public final class StatisticsService {
  private static final String ROW_COUNT = "row_count";

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
        .addStats(Requests.pair(ROW_COUNT, Long.toString(rowCount(collection))))
        .build();
  }

  public GetPartitionStatisticsResponse getPartitionStatistics(
      GetPartitionStatisticsRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName());
    Partitions.require(collection, request.getPartitionName());
    return GetPartitionStatisticsResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addStats(Requests.pair(ROW_COUNT, Long.toString(rowCount(collection))))
        .build();
  }

  private Collection ask(String database, String name) {
    return collections.ask(Requests.database(database), name).collection();
  }

  private long rowCount(Collection collection) {
    CollectionStatisticsRequest request =
        CollectionStatisticsRequest.newBuilder().setCollectionId(collection.id().value()).build();
    return peers.dataCoord().collectionStatistics(request).getRowCount();
  }
}
