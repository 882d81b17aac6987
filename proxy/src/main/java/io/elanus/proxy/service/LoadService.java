package io.elanus.proxy.service;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Field;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.Partition;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.proto.milvus.GetLoadStateRequest;
import io.elanus.proto.milvus.GetLoadStateResponse;
import io.elanus.proto.milvus.GetLoadingProgressRequest;
import io.elanus.proto.milvus.GetLoadingProgressResponse;
import io.elanus.proto.milvus.GetReplicasRequest;
import io.elanus.proto.milvus.GetReplicasResponse;
import io.elanus.proto.milvus.LoadCollectionRequest;
import io.elanus.proto.milvus.LoadPartitionsRequest;
import io.elanus.proto.milvus.LoadState;
import io.elanus.proto.milvus.ReleaseCollectionRequest;
import io.elanus.proto.milvus.ReleasePartitionsRequest;
import io.elanus.proto.milvus.ReplicaInfo;
import io.elanus.proto.milvus.ShardReplica;
import io.elanus.proto.milvus.Status;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.CollectionView;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.catalog.Partitions;
import io.elanus.proxy.catalog.Routes;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.List;
import java.util.Optional;

/// Loading and releasing, and how far it is.
public final class LoadService {
  static final String DEFAULT_RESOURCE_GROUP = "__default_resource_group";

  private final Peers peers;
  private final CollectionCache collections;
  private final Loads loads;
  private final Routes routes;

  public LoadService(Peers peers, CollectionCache collections, Loads loads, Routes routes) {
    this.peers = peers;
    this.collections = collections;
    this.loads = loads;
    this.routes = routes;
  }

  public Status loadCollection(LoadCollectionRequest request) {
    CollectionView view = ask(request.getDbName(), request.getCollectionName());
    load(view, request.getReplicaNumber(), request.getResourceGroupsList());
    return StatusMapper.success();
  }

  /// A collection has one partition, so loading it loads the collection.
  public Status loadPartitions(LoadPartitionsRequest request) {
    CollectionView view = ask(request.getDbName(), request.getCollectionName());
    requirePartitions(view.collection(), request.getPartitionNamesList());
    load(view, request.getReplicaNumber(), request.getResourceGroupsList());
    return StatusMapper.success();
  }

  private void load(CollectionView view, int replicas, List<String> resourceGroups) {
    resourceGroups.stream()
        .filter(group -> !group.equals(DEFAULT_RESOURCE_GROUP))
        .findFirst()
        .ifPresent(group -> {
          throw ErrorCode.RESOURCE_GROUP_NOT_FOUND.with("rg", group);
        });
    requireIndexes(view);
    peers
        .queryCoord()
        .loadCollection(
            io.elanus.proto.internal.LoadCollectionRequest.newBuilder()
                .setCollectionId(view.collection().id().value())
                .setReplicaNumber(Math.max(1, replicas))
                .build());
  }

  private static void requireIndexes(CollectionView view) {
    if (view.indexes().isEmpty()) {
      throw ErrorCode.INDEX_NOT_FOUND.with("collection", view.collection().name());
    }
    List<String> without =
        view.schema().vectorFields().stream()
            .filter(field -> view.indexOf(field).isEmpty())
            .map(Field::name)
            .toList();
    if (!without.isEmpty()) {
      throw Invalid.parameter(
          "there is no vector index on field: [%s], please create index firstly",
          String.join(" ", without));
    }
  }

  public Status releaseCollection(ReleaseCollectionRequest request) {
    release(ask(request.getDbName(), request.getCollectionName()).collection());
    return StatusMapper.success();
  }

  public Status releasePartitions(ReleasePartitionsRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName()).collection();
    requirePartitions(collection, request.getPartitionNamesList());
    release(collection);
    return StatusMapper.success();
  }

  private void release(Collection collection) {
    peers
        .queryCoord()
        .releaseCollection(
            io.elanus.proto.internal.ReleaseCollectionRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .build());
    routes.forget(collection);
  }

  private static void requirePartitions(Collection collection, List<String> names) {
    if (names.isEmpty()) {
      throw Invalid.parameter("partition names should not be empty");
    }
    Partitions.all(collection, names);
  }

  /// A collection that is not there is a state, not an error.
  public GetLoadStateResponse getLoadState(GetLoadStateRequest request) {
    GetLoadStateResponse.Builder response =
        GetLoadStateResponse.newBuilder().setStatus(StatusMapper.success());
    try {
      Collection collection = ask(request.getDbName(), request.getCollectionName()).collection();
      Partitions.all(collection, request.getPartitionNamesList());
      return response.setState(state(loads.state(collection))).build();
    } catch (DbException e) {
      if (e.code() == ErrorCode.COLLECTION_NOT_FOUND) {
        return response.setState(LoadState.LoadStateNotExist).build();
      }
      throw e;
    }
  }

  private static LoadState state(LoadStateResponse state) {
    if (!state.getWanted()) {
      return LoadState.LoadStateNotLoad;
    }
    return state.getProgress() == 100 ? LoadState.LoadStateLoaded : LoadState.LoadStateLoading;
  }

  public GetLoadingProgressResponse getLoadingProgress(GetLoadingProgressRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName()).collection();
    Partitions.all(collection, request.getPartitionNamesList());
    LoadStateResponse state = loads.require(collection);
    return GetLoadingProgressResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setProgress(state.getProgress())
        .setRefreshProgress(100)
        .build();
  }

  /// One replica, made of the leaders there are now; none when the collection is not loaded.
  public GetReplicasResponse getReplicas(GetReplicasRequest request) {
    Collection collection =
        request.getCollectionName().isEmpty()
            ? collections
                .ask(
                    Requests.database(request.getDbName()),
                    new CollectionId(request.getCollectionID()))
                .collection()
            : ask(request.getDbName(), request.getCollectionName()).collection();
    GetReplicasResponse.Builder response =
        GetReplicasResponse.newBuilder().setStatus(StatusMapper.success());
    if (loads.state(collection).getWanted()) {
      response.addReplicas(replica(collection));
    }
    return response.build();
  }

  private ReplicaInfo replica(Collection collection) {
    ReplicaInfo.Builder replica =
        ReplicaInfo.newBuilder()
            .setReplicaID(collection.id().value())
            .setCollectionID(collection.id().value())
            .setResourceGroupName(DEFAULT_RESOURCE_GROUP);
    collection.partitions().stream()
        .map(Partition::id)
        .forEach(id -> replica.addPartitionIds(id.value()));
    for (int shard = 0; shard < collection.shardCount(); shard++) {
      Optional<NodeId> leader = routes.leader(collection.shard(shard));
      ShardReplica.Builder part =
          ShardReplica.newBuilder()
              .setDmChannelName(Descriptions.virtualChannel(collection, shard));
      leader.ifPresent(node -> part.setLeaderID(node.value()).addNodeIds(node.value()));
      replica.addShardReplicas(part);
      leader
          .filter(node -> !replica.getNodeIdsList().contains(node.value()))
          .ifPresent(node -> replica.addNodeIds(node.value()));
    }
    return replica.build();
  }

  private CollectionView ask(String database, String name) {
    return collections.ask(Requests.database(database), name);
  }
}
