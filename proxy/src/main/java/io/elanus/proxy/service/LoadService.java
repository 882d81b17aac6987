package io.elanus.proxy.service;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.LoadScope;
import io.elanus.common.model.PartitionId;
import io.elanus.proto.internal.LoadCollectionRequest.Builder;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.proto.milvus.GetLoadStateRequest;
import io.elanus.proto.milvus.GetLoadStateResponse;
import io.elanus.proto.milvus.GetLoadingProgressRequest;
import io.elanus.proto.milvus.GetLoadingProgressResponse;
import io.elanus.proto.milvus.LoadCollectionRequest;
import io.elanus.proto.milvus.LoadPartitionsRequest;
import io.elanus.proto.milvus.LoadState;
import io.elanus.proto.milvus.ReleaseCollectionRequest;
import io.elanus.proto.milvus.ReleasePartitionsRequest;
import io.elanus.proto.milvus.Status;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.CollectionView;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.catalog.Partitions;
import io.elanus.proxy.catalog.Routes;
import io.elanus.rpc.codec.LoadScopeCodec;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Loading and releasing, and how far it is.
public final class LoadService {
  /// Properties of a collection that count where a request does not say.
  private static final String REPLICA_NUMBER = "collection.replica.number";

  private static final String RESOURCE_GROUPS = "collection.resource_groups";

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
    if (request.getRefresh()) {
      requireLoaded(view.collection());
      return StatusMapper.success();
    }
    List<Long> fields =
        LoadFields.ids(view, request.getLoadFieldsList(), request.getSkipLoadDynamicField());
    load(
        view.collection(),
        begin(view, request.getReplicaNumber(), request.getResourceGroupsList())
            .addAllFieldIds(fields));
    return StatusMapper.success();
  }

  public Status loadPartitions(LoadPartitionsRequest request) {
    CollectionView view = ask(request.getDbName(), request.getCollectionName());
    requireNoKey(view.collection(), "load");
    List<PartitionId> partitions = partitions(view.collection(), request.getPartitionNamesList());
    if (request.getRefresh()) {
      requireLoaded(view.collection());
      return StatusMapper.success();
    }
    List<Long> fields =
        LoadFields.ids(view, request.getLoadFieldsList(), request.getSkipLoadDynamicField());
    load(
        view.collection(),
        begin(view, request.getReplicaNumber(), request.getResourceGroupsList())
            .addAllFieldIds(fields)
            .addAllPartitionIds(partitions.stream().map(PartitionId::value).toList()));
    return StatusMapper.success();
  }

  private static Builder begin(CollectionView view, int replicas, List<String> groups) {
    Map<String, String> properties = view.collection().properties();
    boolean silent = replicas <= 0 && groups.isEmpty();
    int number = silent ? replicaNumber(properties) : Math.max(0, replicas);
    List<String> named =
        silent
            ? Arrays.stream(properties.getOrDefault(RESOURCE_GROUPS, "").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList()
            : groups;
    return io.elanus.proto.internal.LoadCollectionRequest.newBuilder()
        .setCollectionId(view.collection().id().value())
        .setReplicaNumber(number)
        .addAllResourceGroups(named);
  }

  private static int replicaNumber(Map<String, String> properties) {
    String number = properties.getOrDefault(REPLICA_NUMBER, "0");
    try {
      return Math.max(0, Integer.parseInt(number));
    } catch (NumberFormatException _) {
      throw Invalid.parameter("%s is not a number: %s", REPLICA_NUMBER, number);
    }
  }

  private void load(Collection collection, Builder request) {
    peers.queryCoord().loadCollection(request.build());
    loads.require(collection);
  }

  /// Everything that is flushed is taken in by itself, so there is nothing more to do.
  private void requireLoaded(Collection collection) {
    if (loads.requireState(collection).getProgress() < 100) {
      throw Invalid.of(
          ErrorCode.COLLECTION_NOT_LOADED,
          "collection not fully loaded",
          "collection",
          collection.name());
    }
  }

  public Status releaseCollection(ReleaseCollectionRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName()).collection();
    peers
        .queryCoord()
        .releaseCollection(
            io.elanus.proto.internal.ReleaseCollectionRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .build());
    loads.forget(collection);
    routes.forget(collection);
    return StatusMapper.success();
  }

  public Status releasePartitions(ReleasePartitionsRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName()).collection();
    requireNoKey(collection, "release");
    List<PartitionId> partitions = partitions(collection, request.getPartitionNamesList());
    peers
        .queryCoord()
        .releasePartitions(
            io.elanus.proto.internal.ReleasePartitionsRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .addAllPartitionIds(partitions.stream().map(PartitionId::value).toList())
                .build());
    loads.forget(collection);
    return StatusMapper.success();
  }

  private static void requireNoKey(Collection collection, String what) {
    if (collection.schema().partitionKey().isPresent()) {
      throw Invalid.parameter("disable %s partitions if partition key mode is used", what);
    }
  }

  private static List<PartitionId> partitions(Collection collection, List<String> names) {
    if (names.isEmpty()) {
      throw Invalid.parameter("partition names should not be empty");
    }
    return Partitions.all(collection, names);
  }

  /// A collection that is not there is a state, not an error.
  public GetLoadStateResponse getLoadState(GetLoadStateRequest request) {
    GetLoadStateResponse.Builder response =
        GetLoadStateResponse.newBuilder().setStatus(StatusMapper.success());
    try {
      Collection collection = ask(request.getDbName(), request.getCollectionName()).collection();
      List<PartitionId> partitions = Partitions.all(collection, request.getPartitionNamesList());
      return response.setState(state(loads.state(collection), partitions)).build();
    } catch (DbException e) {
      if (e.code() == ErrorCode.COLLECTION_NOT_FOUND) {
        return response.setState(LoadState.LoadStateNotExist).build();
      }
      throw e;
    }
  }

  private static LoadState state(LoadStateResponse state, List<PartitionId> partitions) {
    if (!state.getWanted() || missing(state, partitions).isPresent()) {
      return LoadState.LoadStateNotLoad;
    }
    return state.getProgress() == 100 ? LoadState.LoadStateLoaded : LoadState.LoadStateLoading;
  }

  /// One of `partitions` that is not to be served.
  private static Optional<PartitionId> missing(
      LoadStateResponse state, List<PartitionId> partitions) {
    LoadScope scope = LoadScopeCodec.decode(state.getScope());
    return partitions.stream().filter(partition -> !scope.serves(partition)).findFirst();
  }

  /// What cannot be loaded is an error here: this is what clients wait on.
  public GetLoadingProgressResponse getLoadingProgress(GetLoadingProgressRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName()).collection();
    List<PartitionId> partitions = Partitions.all(collection, request.getPartitionNamesList());
    LoadStateResponse state = loads.requireState(collection);
    missing(state, partitions)
        .ifPresent(partition -> {
          throw ErrorCode.PARTITION_NOT_LOADED.with("partition", partition);
        });
    ErrorCode.ofNumber(state.getFailureCode())
        .ifPresent(code -> {
          throw new DbException(code, state.getFailure());
        });
    return GetLoadingProgressResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setProgress(state.getProgress())
        .setRefreshProgress(100)
        .build();
  }

  private CollectionView ask(String database, String name) {
    return collections.ask(Requests.database(database), name);
  }
}
