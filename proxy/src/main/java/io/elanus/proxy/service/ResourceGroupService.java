package io.elanus.proxy.service;

import io.elanus.common.model.CollectionId;
import io.elanus.proto.internal.GroupNode;
import io.elanus.proto.milvus.CreateResourceGroupRequest;
import io.elanus.proto.milvus.DescribeResourceGroupRequest;
import io.elanus.proto.milvus.DescribeResourceGroupResponse;
import io.elanus.proto.milvus.DropResourceGroupRequest;
import io.elanus.proto.milvus.ListResourceGroupsRequest;
import io.elanus.proto.milvus.ListResourceGroupsResponse;
import io.elanus.proto.milvus.NodeInfo;
import io.elanus.proto.milvus.ResourceGroup;
import io.elanus.proto.milvus.Status;
import io.elanus.proto.milvus.TransferNodeRequest;
import io.elanus.proto.milvus.TransferReplicaRequest;
import io.elanus.proto.milvus.UpdateResourceGroupsRequest;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.schema.Names;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.Map;
import java.util.TreeMap;

/// Resource groups: named sets of query nodes.
public final class ResourceGroupService {
  private static final String DEFAULT_GROUP = "__default_resource_group";

  /// What Milvus says of the default group.
  private static final int DEFAULT_CAPACITY = 1_000_000;

  private final Peers peers;
  private final CollectionCache collections;

  public ResourceGroupService(Peers peers, CollectionCache collections) {
    this.peers = peers;
    this.collections = collections;
  }

  public Status createResourceGroup(CreateResourceGroupRequest request) {
    Names.checkResourceGroup(request.getResourceGroup());
    var internal =
        io.elanus.proto.internal.CreateResourceGroupRequest.newBuilder()
            .setName(request.getResourceGroup());
    if (request.hasConfig()) {
      internal.setConfig(request.getConfig());
    }
    peers.queryCoord().createResourceGroup(internal.build());
    return StatusMapper.success();
  }

  public Status updateResourceGroups(UpdateResourceGroupsRequest request) {
    peers
        .queryCoord()
        .updateResourceGroups(
            io.elanus.proto.internal.UpdateResourceGroupsRequest.newBuilder()
                .putAllConfigs(request.getResourceGroupsMap())
                .build());
    return StatusMapper.success();
  }

  public Status dropResourceGroup(DropResourceGroupRequest request) {
    peers
        .queryCoord()
        .dropResourceGroup(
            io.elanus.proto.internal.DropResourceGroupRequest.newBuilder()
                .setName(request.getResourceGroup())
                .build());
    return StatusMapper.success();
  }

  public ListResourceGroupsResponse listResourceGroups(ListResourceGroupsRequest request) {
    return ListResourceGroupsResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addAllResourceGroups(
            peers
                .queryCoord()
                .listResourceGroups(
                    io.elanus.proto.internal.ListResourceGroupsRequest.getDefaultInstance())
                .getNamesList())
        .build();
  }

  public DescribeResourceGroupResponse describeResourceGroup(DescribeResourceGroupRequest request) {
    String name = request.getResourceGroup();
    var group =
        peers
            .queryCoord()
            .describeResourceGroup(
                io.elanus.proto.internal.DescribeResourceGroupRequest.newBuilder()
                    .setName(name)
                    .build());
    int capacity =
        name.equals(DEFAULT_GROUP)
            ? DEFAULT_CAPACITY
            : group.getConfig().getRequests().getNodeNum();
    return DescribeResourceGroupResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setResourceGroup(
            ResourceGroup.newBuilder()
                .setName(name)
                .setCapacity(capacity)
                .setNumAvailableNode(group.getNodesCount())
                .setConfig(group.getConfig())
                .putAllNumLoadedReplica(byName(group.getReplicasMap()))
                .putAllNumOutgoingNode(byName(group.getOutgoingNodesMap()))
                .putAllNumIncomingNode(byName(group.getIncomingNodesMap()))
                .addAllNodes(
                    group.getNodesList().stream().map(ResourceGroupService::node).toList()))
        .build();
  }

  private static NodeInfo node(GroupNode node) {
    String host = node.getAddress().split(":", 2)[0];
    return NodeInfo.newBuilder()
        .setNodeId(node.getNodeId())
        .setAddress(node.getAddress())
        .setHostname(host)
        .build();
  }

  private Map<String, Integer> byName(Map<Long, Integer> byId) {
    Map<String, Integer> byName = new TreeMap<>();
    byId.forEach((id, count) ->
        byName.put(
            collections.ask(Requests.database(""), new CollectionId(id)).collection().name(),
            count));
    return byName;
  }

  public Status transferNode(TransferNodeRequest request) {
    peers
        .queryCoord()
        .transferNode(
            io.elanus.proto.internal.TransferNodeRequest.newBuilder()
                .setSource(request.getSourceResourceGroup())
                .setTarget(request.getTargetResourceGroup())
                .setNodeCount(request.getNumNode())
                .build());
    return StatusMapper.success();
  }

  public Status transferReplica(TransferReplicaRequest request) {
    var collection =
        collections
            .ask(Requests.database(request.getDbName()), request.getCollectionName())
            .collection();
    peers
        .queryCoord()
        .transferReplica(
            io.elanus.proto.internal.TransferReplicaRequest.newBuilder()
                .setSource(request.getSourceResourceGroup())
                .setTarget(request.getTargetResourceGroup())
                .setCollectionId(collection.id().value())
                .setReplicaCount(request.getNumReplica())
                .build());
    return StatusMapper.success();
  }
}
