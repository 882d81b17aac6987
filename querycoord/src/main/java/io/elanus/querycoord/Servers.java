package io.elanus.querycoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Member;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.proto.internal.DescribeResourceGroupResponse;
import io.elanus.proto.internal.GroupNode;
import io.elanus.proto.internal.ListReplicasResponse;
import io.elanus.proto.internal.ListSegmentsResponse;
import io.elanus.proto.internal.ReplicaState;
import io.elanus.proto.internal.ServedSegment;
import io.elanus.proto.internal.ShardServers;
import io.elanus.querycoord.placement.Observed;
import io.elanus.querycoord.placement.Placement;
import io.elanus.querycoord.placement.ShardContents;
import io.elanus.querycoord.serving.GroupConfigCodec;
import io.elanus.querycoord.serving.Load;
import io.elanus.querycoord.serving.Replica;
import io.elanus.querycoord.serving.ReplicaKey;
import io.elanus.querycoord.serving.ResourceGroup;
import io.elanus.querycoord.serving.Route;
import io.elanus.querycoord.serving.ServingState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who serves what, told to those who ask.
final class Servers {
  private Servers() {}

  static ListReplicasResponse replicas(
      ServingState state, Observed observed, CollectionId collection) {
    ListReplicasResponse.Builder response = ListReplicasResponse.newBuilder();
    state
        .replicasOf(collection)
        .forEach((key, replica) -> response.addReplicas(replica(state, observed, key, replica)));
    return response.build();
  }

  private static ReplicaState replica(
      ServingState state, Observed observed, ReplicaKey key, Replica replica) {
    SortedSet<NodeId> own = new TreeSet<>(Placement.nodes(state, observed, replica));
    SortedSet<NodeId> serving = serving(state, observed, key);
    SortedSet<NodeId> all = new TreeSet<>(own);
    all.addAll(serving);
    ReplicaState.Builder response =
        ReplicaState.newBuilder()
            .setReplicaId(key.id().value())
            .setResourceGroup(replica.group())
            .addAllNodeIds(values(all));
    state
        .routesOf(key.collection())
        .forEach((route, value) -> {
          if (route.replica().equals(key.id())) {
            response.addShards(shard(observed, route.shard(), value));
          }
        });
    SortedMap<NodeId, String> groupOf = groupOf(state, observed);
    for (NodeId node : serving) {
      String group = groupOf.getOrDefault(node, "");
      if (!group.isEmpty() && !group.equals(replica.group())) {
        response.putOutboundNodes(group, response.getOutboundNodesOrDefault(group, 0) + 1);
      }
    }
    return response.build();
  }

  private static ShardServers shard(Observed observed, ShardId shard, Route route) {
    Optional<Member> leader = Optional.ofNullable(observed.members().get(route.leader()));
    SortedSet<NodeId> nodes = route.nodes();
    nodes.retainAll(observed.members().keySet());
    return ShardServers.newBuilder()
        .setShard(shard.index())
        .setLeaderId(leader.map(member -> member.node().value()).orElse(0L))
        .setLeaderAddress(leader.map(Member::address).orElse(""))
        .addAllNodeIds(values(nodes))
        .build();
  }

  /// Living nodes the replica's routes name.
  private static SortedSet<NodeId> serving(ServingState state, Observed observed, ReplicaKey key) {
    SortedSet<NodeId> serving = new TreeSet<>();
    state
        .routesOf(key.collection())
        .forEach((route, value) -> {
          if (route.replica().equals(key.id())) {
            serving.addAll(value.nodes());
          }
        });
    serving.retainAll(observed.members().keySet());
    return serving;
  }

  private static SortedMap<NodeId, String> groupOf(ServingState state, Observed observed) {
    SortedMap<NodeId, String> groupOf = new TreeMap<>();
    Placement.groups(state, observed)
        .forEach((name, group) -> group.nodes().forEach(node -> groupOf.put(node, name)));
    return groupOf;
  }

  static ListSegmentsResponse segments(
      ServingState state, Observed observed, CollectionId collection) {
    Load load =
        Optional.ofNullable(state.loads().get(collection))
            .orElseThrow(() -> ErrorCode.COLLECTION_NOT_LOADED.with("collection", collection));
    ListSegmentsResponse.Builder response = ListSegmentsResponse.newBuilder();
    for (int i = 0; i < load.shardCount(); i++) {
      ShardId shard = new ShardId(collection, i);
      SortedSet<NodeId> nodes = new TreeSet<>();
      state
          .routesOf(collection)
          .forEach((key, route) -> {
            if (key.shard().equals(shard)) {
              nodes.addAll(route.nodes());
            }
          });
      Optional.ofNullable(observed.contents().get(shard))
          .map(ShardContents::segments)
          .ifPresent(segments ->
              segments.forEach((id, segment) -> {
                if (load.scope().serves(segment.partition())) {
                  response.addSegments(segment(observed, nodes, id, segment));
                }
              }));
    }
    return response.build();
  }

  private static ServedSegment segment(
      Observed observed, SortedSet<NodeId> nodes, SegmentId id, ShardContents.Segment segment) {
    List<NodeId> ready =
        nodes.stream()
            .filter(node ->
                Optional.ofNullable(observed.reports().get(node))
                    .filter(report -> report.ready().contains(id))
                    .isPresent())
            .toList();
    return ServedSegment.newBuilder()
        .setSegmentId(id.value())
        .setPartitionId(segment.partition().value())
        .setRowCount(segment.rowCount())
        .setSizeBytes(segment.sizeBytes())
        .addAllNodeIds(values(ready))
        .addAllIndexIds(segment.indexIds())
        .build();
  }

  static DescribeResourceGroupResponse group(ServingState state, Observed observed, String name) {
    ResourceGroup group =
        Optional.ofNullable(Placement.groups(state, observed).get(name))
            .orElseThrow(() -> ErrorCode.RESOURCE_GROUP_NOT_FOUND.with("rg", name));
    DescribeResourceGroupResponse.Builder response =
        DescribeResourceGroupResponse.newBuilder()
            .setConfig(GroupConfigCodec.encode(group.config()));
    for (NodeId node : group.nodes()) {
      Optional.ofNullable(observed.members().get(node))
          .ifPresent(member ->
              response.addNodes(
                  GroupNode.newBuilder().setNodeId(node.value()).setAddress(member.address())));
    }
    for (Map.Entry<ReplicaKey, Replica> entry : state.replicas().entrySet()) {
      long collection = entry.getKey().collection().value();
      SortedSet<NodeId> serving = serving(state, observed, entry.getKey());
      if (entry.getValue().group().equals(name)) {
        response.putReplicas(collection, response.getReplicasOrDefault(collection, 0) + 1);
        serving.removeAll(group.nodes());
        count(serving.size(), response.getOutgoingNodesOrDefault(collection, 0))
            .ifPresent(sum -> response.putOutgoingNodes(collection, sum));
      } else {
        serving.retainAll(group.nodes());
        count(serving.size(), response.getIncomingNodesOrDefault(collection, 0))
            .ifPresent(sum -> response.putIncomingNodes(collection, sum));
      }
    }
    return response.build();
  }

  private static Optional<Integer> count(int more, int before) {
    return more == 0 ? Optional.empty() : Optional.of(before + more);
  }

  private static List<Long> values(java.util.Collection<NodeId> nodes) {
    return nodes.stream().map(NodeId::value).toList();
  }
}
