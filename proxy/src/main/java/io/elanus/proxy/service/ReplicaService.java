package io.elanus.proxy.service;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.LoadScope;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.proto.internal.ListReplicasRequest;
import io.elanus.proto.internal.ListSegmentsRequest;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.proto.internal.MoveSegmentsRequest;
import io.elanus.proto.internal.ReplicaState;
import io.elanus.proto.internal.ServedSegment;
import io.elanus.proto.internal.ShardServers;
import io.elanus.proto.milvus.GetQuerySegmentInfoRequest;
import io.elanus.proto.milvus.GetQuerySegmentInfoResponse;
import io.elanus.proto.milvus.GetReplicasRequest;
import io.elanus.proto.milvus.GetReplicasResponse;
import io.elanus.proto.milvus.LoadBalanceRequest;
import io.elanus.proto.milvus.QuerySegmentInfo;
import io.elanus.proto.milvus.ReplicaInfo;
import io.elanus.proto.milvus.SegmentLevel;
import io.elanus.proto.milvus.SegmentState;
import io.elanus.proto.milvus.ShardReplica;
import io.elanus.proto.milvus.Status;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.CollectionView;
import io.elanus.proxy.catalog.Loads;
import io.elanus.rpc.codec.LoadScopeCodec;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.List;
import java.util.Optional;

/// Who serves a collection: its replicas, and where its segments are.
public final class ReplicaService {
  private final Peers peers;
  private final CollectionCache collections;
  private final Loads loads;

  public ReplicaService(Peers peers, CollectionCache collections, Loads loads) {
    this.peers = peers;
    this.collections = collections;
    this.loads = loads;
  }

  /// None when the collection is not loaded.
  public GetReplicasResponse getReplicas(GetReplicasRequest request) {
    String database = Requests.database(request.getDbName());
    Collection collection =
        (request.getCollectionName().isEmpty()
                ? collections.ask(database, new CollectionId(request.getCollectionID()))
                : collections.ask(database, request.getCollectionName()))
            .collection();
    LoadStateResponse state = loads.state(collection);
    GetReplicasResponse.Builder response =
        GetReplicasResponse.newBuilder().setStatus(StatusMapper.success());
    if (state.getWanted()) {
      LoadScope scope = LoadScopeCodec.decode(state.getScope());
      peers
          .queryCoord()
          .listReplicas(
              ListReplicasRequest.newBuilder().setCollectionId(collection.id().value()).build())
          .getReplicasList()
          .forEach(replica -> response.addReplicas(replica(collection, scope, replica)));
    }
    return response.build();
  }

  private static ReplicaInfo replica(Collection collection, LoadScope scope, ReplicaState replica) {
    ReplicaInfo.Builder info =
        ReplicaInfo.newBuilder()
            .setReplicaID(replica.getReplicaId())
            .setCollectionID(collection.id().value())
            .setResourceGroupName(replica.getResourceGroup())
            .addAllNodeIds(replica.getNodeIdsList())
            .putAllNumOutboundNode(replica.getOutboundNodesMap());
    collection.partitions().stream()
        .map(Partition::id)
        .filter(scope::serves)
        .map(PartitionId::value)
        .forEach(info::addPartitionIds);
    replica.getShardsList().forEach(shard -> info.addShardReplicas(shard(collection, shard)));
    return info.build();
  }

  private static ShardReplica shard(Collection collection, ShardServers shard) {
    return ShardReplica.newBuilder()
        .setLeaderID(shard.getLeaderId())
        .setLeaderAddr(shard.getLeaderAddress())
        .setDmChannelName(Descriptions.virtualChannel(collection, shard.getShard()))
        .addAllNodeIds(shard.getNodeIdsList())
        .build();
  }

  public GetQuerySegmentInfoResponse getQuerySegmentInfo(GetQuerySegmentInfoRequest request) {
    CollectionView view =
        collections.ask(Requests.database(request.getDbName()), request.getCollectionName());
    GetQuerySegmentInfoResponse.Builder response =
        GetQuerySegmentInfoResponse.newBuilder().setStatus(StatusMapper.success());
    peers
        .queryCoord()
        .listSegments(
            ListSegmentsRequest.newBuilder()
                .setCollectionId(view.collection().id().value())
                .build())
        .getSegmentsList()
        .forEach(segment -> response.addInfos(segment(view, segment)));
    return response.build();
  }

  private static QuerySegmentInfo segment(CollectionView view, ServedSegment segment) {
    QuerySegmentInfo.Builder info =
        QuerySegmentInfo.newBuilder()
            .setSegmentID(segment.getSegmentId())
            .setCollectionID(view.collection().id().value())
            .setPartitionID(segment.getPartitionId())
            .setMemSize(segment.getSizeBytes())
            .setNumRows(segment.getRowCount())
            .setState(SegmentState.Sealed)
            .setLevel(SegmentLevel.L1)
            .setIsSorted(true)
            .addAllNodeIds(segment.getNodeIdsList());
    Optional<IndexDefinition> index =
        view.indexes().stream()
            .filter(i -> segment.getIndexIdsList().contains(i.id().value()))
            .findFirst();
    index.ifPresent(i -> info.setIndexID(i.id().value()).setIndexName(i.name()));
    return info.build();
  }

  public Status loadBalance(LoadBalanceRequest request) {
    Collection collection =
        collections
            .ask(Requests.database(request.getDbName()), request.getCollectionName())
            .collection();
    if (loads.requireState(collection).getProgress() < 100) {
      throw ErrorCode.COLLECTION_NOT_FULLY_LOADED.with("collection", collection.name());
    }
    List<Long> targets = request.getDstNodeIDsList();
    peers
        .queryCoord()
        .moveSegments(
            MoveSegmentsRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .setSourceNodeId(request.getSrcNodeID())
                .addAllTargetNodeIds(targets)
                .addAllSegmentIds(request.getSealedSegmentIDsList())
                .build());
    return StatusMapper.success();
  }
}
