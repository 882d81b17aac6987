package io.elanus.proxy;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.LoadScope;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ReplicaId;
import io.elanus.proto.internal.CreateResourceGroupRequest;
import io.elanus.proto.internal.CreateResourceGroupResponse;
import io.elanus.proto.internal.DescribeResourceGroupRequest;
import io.elanus.proto.internal.DescribeResourceGroupResponse;
import io.elanus.proto.internal.DropResourceGroupRequest;
import io.elanus.proto.internal.DropResourceGroupResponse;
import io.elanus.proto.internal.GroupNode;
import io.elanus.proto.internal.ListReplicasRequest;
import io.elanus.proto.internal.ListReplicasResponse;
import io.elanus.proto.internal.ListResourceGroupsRequest;
import io.elanus.proto.internal.ListResourceGroupsResponse;
import io.elanus.proto.internal.ListSegmentsRequest;
import io.elanus.proto.internal.ListSegmentsResponse;
import io.elanus.proto.internal.LoadCollectionRequest;
import io.elanus.proto.internal.LoadCollectionResponse;
import io.elanus.proto.internal.LoadMeta;
import io.elanus.proto.internal.LoadStateRequest;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.proto.internal.MoveSegmentsRequest;
import io.elanus.proto.internal.MoveSegmentsResponse;
import io.elanus.proto.internal.ReleaseCollectionRequest;
import io.elanus.proto.internal.ReleaseCollectionResponse;
import io.elanus.proto.internal.ReleasePartitionsRequest;
import io.elanus.proto.internal.ReleasePartitionsResponse;
import io.elanus.proto.internal.ReplicaState;
import io.elanus.proto.internal.ServedSegment;
import io.elanus.proto.internal.ShardServers;
import io.elanus.proto.internal.TransferNodeRequest;
import io.elanus.proto.internal.TransferNodeResponse;
import io.elanus.proto.internal.TransferReplicaRequest;
import io.elanus.proto.internal.TransferReplicaResponse;
import io.elanus.proto.internal.UpdateResourceGroupsRequest;
import io.elanus.proto.internal.UpdateResourceGroupsResponse;
import io.elanus.proto.milvus.ResourceGroupConfig;
import io.elanus.rpc.codec.LoadScopeCodec;
import io.elanus.rpc.internal.QueryCoordApi;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A querycoord that gives replica i of a collection to the i-th node, and serves it at once.
final class MemoryQueryCoord implements QueryCoordApi {
  private final MemoryCluster cluster;
  private final Map<Long, LoadScope> scopes = new HashMap<>();
  private final Map<String, ResourceGroupConfig> groups = new LinkedHashMap<>();
  private String failure = "";
  private int failureCode;

  MemoryQueryCoord(MemoryCluster cluster) {
    this.cluster = cluster;
  }

  /// From now on loads get no further.
  synchronized void fail(ErrorCode code, String text) {
    failureCode = code.number();
    failure = text;
  }

  @Override
  public synchronized LoadCollectionResponse loadCollection(LoadCollectionRequest request) {
    long id = request.getCollectionId();
    Set<PartitionId> partitions = ids(request.getPartitionIdsList());
    LoadScope scope =
        Optional.ofNullable(scopes.get(id))
            .map(loaded -> loaded.with(partitions))
            .orElseGet(() -> LoadScope.of(partitions, Set.copyOf(request.getFieldIdsList())));
    put(id, scope);
    Collection collection = cluster.collection(id);
    List<NodeId> nodes = cluster.queryNodes();
    for (int replica = 0; replica < Math.max(1, request.getReplicaNumber()); replica++) {
      for (int shard = 0; shard < collection.shardCount(); shard++) {
        cluster.route(collection.shard(shard), replica + 1, nodes.get(replica));
      }
    }
    return LoadCollectionResponse.getDefaultInstance();
  }

  private void put(long id, LoadScope scope) {
    scopes.put(id, scope);
    LoadMeta meta =
        LoadMeta.newBuilder().setCollectionId(id).setScope(LoadScopeCodec.encode(scope)).build();
    cluster.put(MetaKeys.load(new CollectionId(id)), meta.toByteArray());
  }

  private static Set<PartitionId> ids(List<Long> values) {
    return values.stream().map(PartitionId::new).collect(Collectors.toSet());
  }

  @Override
  public synchronized ReleaseCollectionResponse releaseCollection(
      ReleaseCollectionRequest request) {
    long id = request.getCollectionId();
    scopes.remove(id);
    cluster.remove(MetaKeys.load(new CollectionId(id)));
    Collection collection = cluster.collection(id);
    for (int shard = 0; shard < collection.shardCount(); shard++) {
      for (int replica = 1; replica <= 2; replica++) {
        cluster.remove(MetaKeys.route(collection.shard(shard), new ReplicaId(replica)));
      }
    }
    return ReleaseCollectionResponse.getDefaultInstance();
  }

  @Override
  public synchronized ReleasePartitionsResponse releasePartitions(
      ReleasePartitionsRequest request) {
    long id = request.getCollectionId();
    LoadScope scope = Optional.ofNullable(scopes.get(id)).orElseThrow();
    Set<PartitionId> released = ids(request.getPartitionIdsList());
    TreeSet<PartitionId> left =
        cluster.collection(id).partitions().stream()
            .map(Partition::id)
            .filter(partition -> scope.serves(partition) && !released.contains(partition))
            .collect(Collectors.toCollection(TreeSet::new));
    if (left.isEmpty()) {
      releaseCollection(ReleaseCollectionRequest.newBuilder().setCollectionId(id).build());
    } else {
      put(id, scope.without(released));
    }
    return ReleasePartitionsResponse.getDefaultInstance();
  }

  @Override
  public synchronized LoadStateResponse loadState(LoadStateRequest request) {
    LoadScope scope = scopes.get(request.getCollectionId());
    if (scope == null) {
      return LoadStateResponse.getDefaultInstance();
    }
    return LoadStateResponse.newBuilder()
        .setWanted(true)
        .setProgress(failure.isEmpty() ? 100 : 40)
        .setFailure(failure)
        .setFailureCode(failureCode)
        .setScope(LoadScopeCodec.encode(scope))
        .build();
  }

  @Override
  public synchronized ListReplicasResponse listReplicas(ListReplicasRequest request) {
    Collection collection = cluster.collection(request.getCollectionId());
    ReplicaState.Builder replica =
        ReplicaState.newBuilder()
            .setReplicaId(12)
            .setResourceGroup("__default_resource_group")
            .addAllNodeIds(cluster.queryNodes().stream().map(NodeId::value).toList())
            .putOutboundNodes("other", 1);
    for (int shard = 0; shard < collection.shardCount(); shard++) {
      replica.addShards(
          ShardServers.newBuilder()
              .setShard(shard)
              .setLeaderId(41)
              .setLeaderAddress("host:1")
              .addNodeIds(41));
    }
    return ListReplicasResponse.newBuilder().addReplicas(replica).build();
  }

  @Override
  public ListSegmentsResponse listSegments(ListSegmentsRequest request) {
    return ListSegmentsResponse.newBuilder()
        .addSegments(
            ServedSegment.newBuilder()
                .setSegmentId(77)
                .setPartitionId(5)
                .setRowCount(1_000)
                .setSizeBytes(2_000)
                .addNodeIds(41))
        .build();
  }

  @Override
  public MoveSegmentsResponse moveSegments(MoveSegmentsRequest request) {
    return MoveSegmentsResponse.getDefaultInstance();
  }

  @Override
  public synchronized CreateResourceGroupResponse createResourceGroup(
      CreateResourceGroupRequest request) {
    groups.put(request.getName(), request.getConfig());
    return CreateResourceGroupResponse.getDefaultInstance();
  }

  @Override
  public synchronized UpdateResourceGroupsResponse updateResourceGroups(
      UpdateResourceGroupsRequest request) {
    groups.putAll(request.getConfigsMap());
    return UpdateResourceGroupsResponse.getDefaultInstance();
  }

  @Override
  public synchronized DropResourceGroupResponse dropResourceGroup(
      DropResourceGroupRequest request) {
    groups.remove(request.getName());
    return DropResourceGroupResponse.getDefaultInstance();
  }

  @Override
  public synchronized ListResourceGroupsResponse listResourceGroups(
      ListResourceGroupsRequest request) {
    return ListResourceGroupsResponse.newBuilder()
        .addNames("__default_resource_group")
        .addAllNames(groups.keySet())
        .build();
  }

  @Override
  public synchronized DescribeResourceGroupResponse describeResourceGroup(
      DescribeResourceGroupRequest request) {
    DescribeResourceGroupResponse.Builder response =
        DescribeResourceGroupResponse.newBuilder()
            .setConfig(
                Optional.ofNullable(groups.get(request.getName()))
                    .orElseThrow(
                        () -> ErrorCode.RESOURCE_GROUP_NOT_FOUND.with("rg", request.getName())))
            .addNodes(GroupNode.newBuilder().setNodeId(41).setAddress("host:1"));
    scopes.keySet().forEach(id -> response.putReplicas(id, 1));
    return response.build();
  }

  @Override
  public TransferNodeResponse transferNode(TransferNodeRequest request) {
    return TransferNodeResponse.getDefaultInstance();
  }

  @Override
  public TransferReplicaResponse transferReplica(TransferReplicaRequest request) {
    return TransferReplicaResponse.getDefaultInstance();
  }
}
