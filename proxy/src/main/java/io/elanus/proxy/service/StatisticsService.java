package io.elanus.proxy.service;

import io.elanus.common.model.Collection;
import io.elanus.common.model.LoadScope;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.proto.internal.CollectionStatisticsRequest;
import io.elanus.proto.internal.LoadStateResponse;
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
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.catalog.Partitions;
import io.elanus.proxy.read.Querier;
import io.elanus.rpc.codec.LoadScopeCodec;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.List;
import java.util.stream.Stream;

/// How many rows there are, and in which segments. Rows that can be read are counted as `count(*)` counts them. Of others it is
/// those that are stored, in segments and in the log: which of them are deleted is not known without reading them.
public final class StatisticsService {
  private static final String ROW_COUNT = "row_count";

  /// Columns of one file, as Milvus numbers its layouts.
  private static final long STORAGE_VERSION = 2;

  private final Peers peers;
  private final CollectionCache collections;
  private final Loads loads;
  private final Querier querier;

  public StatisticsService(Peers peers, CollectionCache collections, Loads loads, Querier querier) {
    this.peers = peers;
    this.collections = collections;
    this.loads = loads;
    this.querier = querier;
  }

  public GetCollectionStatisticsResponse getCollectionStatistics(
      GetCollectionStatisticsRequest request) {
    long rows = rowCount(request.getDbName(), request.getCollectionName(), List.of());
    return GetCollectionStatisticsResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addStats(Requests.pair(ROW_COUNT, Long.toString(rows)))
        .build();
  }

  public GetPartitionStatisticsResponse getPartitionStatistics(
      GetPartitionStatisticsRequest request) {
    String named = request.getPartitionName();
    List<String> partition = List.of(named.isEmpty() ? Partition.DEFAULT_NAME : named);
    long rows = rowCount(request.getDbName(), request.getCollectionName(), partition);
    return GetPartitionStatisticsResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addStats(Requests.pair(ROW_COUNT, Long.toString(rows)))
        .build();
  }

  /// @param partition one at most; none for all
  private long rowCount(String database, String name, List<String> partition) {
    return collections.with(
        Requests.database(database),
        name,
        view -> {
          List<PartitionId> ids = Partitions.all(view.collection(), partition);
          return isReadable(view.collection(), ids)
              ? querier.count(view, partition, Requests.deadline())
              : storedRows(view.collection(), ids);
        });
  }

  /// Whether all of it is loaded by now.
  private boolean isReadable(Collection collection, List<PartitionId> partition) {
    LoadStateResponse state = loads.state(collection);
    LoadScope scope = LoadScopeCodec.decode(state.getScope());
    Stream<PartitionId> asked =
        partition.isEmpty()
            ? collection.partitions().stream().map(Partition::id)
            : partition.stream();
    return state.getWanted() && state.getProgress() == 100 && asked.allMatch(scope::serves);
  }

  private long storedRows(Collection collection, List<PartitionId> partition) {
    CollectionStatisticsRequest.Builder request =
        CollectionStatisticsRequest.newBuilder().setCollectionId(collection.id().value());
    partition.forEach(id -> request.setPartitionId(id.value()));
    return peers.dataCoord().collectionStatistics(request.build()).getRowCount();
  }

  /// Those that are in the bucket.
  public GetPersistentSegmentInfoResponse getPersistentSegmentInfo(
      GetPersistentSegmentInfoRequest request) {
    Collection collection =
        collections
            .ask(Requests.database(request.getDbName()), request.getCollectionName())
            .collection();
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
