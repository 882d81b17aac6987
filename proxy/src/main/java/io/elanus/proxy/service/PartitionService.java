package io.elanus.proxy.service;

import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.LoadScope;
import io.elanus.common.model.Partition;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.proto.milvus.BoolResponse;
import io.elanus.proto.milvus.CreatePartitionRequest;
import io.elanus.proto.milvus.DropPartitionRequest;
import io.elanus.proto.milvus.HasPartitionRequest;
import io.elanus.proto.milvus.ShowPartitionsRequest;
import io.elanus.proto.milvus.ShowPartitionsResponse;
import io.elanus.proto.milvus.ShowType;
import io.elanus.proto.milvus.Status;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.catalog.Partitions;
import io.elanus.proxy.schema.Names;
import io.elanus.rpc.codec.LoadScopeCodec;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.List;

/// Partitions. Every collection has `_default`.
public final class PartitionService {
  /// As rootcoord's request for a drop has it.
  private static final long NOBODY = -1;

  private final Peers peers;
  private final CollectionCache collections;
  private final Loads loads;

  public PartitionService(Peers peers, CollectionCache collections, Loads loads) {
    this.peers = peers;
    this.collections = collections;
    this.loads = loads;
  }

  /// One that exists is success.
  public Status createPartition(CreatePartitionRequest request) {
    Names.checkPartition(request.getPartitionName());
    Collection collection = ask(request.getDbName(), request.getCollectionName());
    requireNoKey(collection, "create");
    peers
        .rootCoord()
        .createPartition(
            io.elanus.proto.internal.CreatePartitionRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .setName(request.getPartitionName())
                .build());
    collections.forget(collection.id());
    return StatusMapper.success();
  }

  /// One that does not exist is success.
  public Status dropPartition(DropPartitionRequest request) {
    Names.checkPartition(request.getPartitionName());
    Collection collection = ask(request.getDbName(), request.getCollectionName());
    requireNoKey(collection, "drop");
    if (request.getPartitionName().equals(Partition.DEFAULT_NAME)) {
      throw Invalid.parameter("default partition cannot be deleted");
    }
    long partition =
        collection.partition(request.getPartitionName()).map(p -> p.id().value()).orElse(NOBODY);
    peers
        .rootCoord()
        .dropPartition(
            io.elanus.proto.internal.DropPartitionRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .setName(request.getPartitionName())
                .setPartitionId(partition)
                .build());
    collections.forget(collection.id());
    return StatusMapper.success();
  }

  private static void requireNoKey(Collection collection, String what) {
    if (collection.schema().partitionKey().isPresent()) {
      throw Invalid.parameter("disable %s partition if partition key mode is used", what);
    }
  }

  public BoolResponse hasPartition(HasPartitionRequest request) {
    Names.checkPartition(request.getPartitionName());
    Collection collection = ask(request.getDbName(), request.getCollectionName());
    return BoolResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setValue(collection.partition(request.getPartitionName()).isPresent())
        .build();
  }

  @SuppressWarnings("deprecation") // type and inMemory_percentages: deprecated, and used by SDKs
  public ShowPartitionsResponse showPartitions(ShowPartitionsRequest request) {
    Collection collection =
        request.getCollectionName().isEmpty()
            ? collections
                .ask(
                    Requests.database(request.getDbName()),
                    new CollectionId(request.getCollectionID()))
                .collection()
            : ask(request.getDbName(), request.getCollectionName());
    ShowPartitionsResponse.Builder response =
        ShowPartitionsResponse.newBuilder().setStatus(StatusMapper.success());
    int percent = 100;
    List<Partition> partitions = named(collection, request.getPartitionNamesList());
    if (request.getType() == ShowType.InMemory) {
      LoadStateResponse state = loads.requireState(collection);
      LoadScope scope = LoadScopeCodec.decode(state.getScope());
      partitions = partitions.stream().filter(p -> scope.serves(p.id())).toList();
      percent = state.getProgress();
    }
    for (Partition partition : partitions) {
      response
          .addPartitionNames(partition.name())
          .addPartitionIDs(partition.id().value())
          .addCreatedTimestamps(partition.createdTimestamp())
          .addCreatedUtcTimestamps(Requests.seconds(partition.createdTimestamp()))
          .addInMemoryPercentages(percent);
    }
    return response.build();
  }

  private static List<Partition> named(Collection collection, List<String> names) {
    return names.isEmpty()
        ? collection.partitions()
        : names.stream().map(name -> Partitions.require(collection, name)).toList();
  }

  private Collection ask(String database, String name) {
    return collections.ask(Requests.database(database), name).collection();
  }
}
