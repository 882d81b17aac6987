package io.elanus.querycoord.placement;

import io.elanus.common.meta.Member;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.querycoord.serving.Replica;
import io.elanus.querycoord.serving.ReplicaKey;
import io.elanus.querycoord.serving.ResourceGroup;
import io.elanus.querycoord.serving.ServingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which nodes each replica may use: the only one of its collection in a group has all of the group's, those that
/// share a group divide it ([NodeDivision]).
final class ReplicaPlan {
  private ReplicaPlan() {}

  /// Replicas of collections that are loaded, as they should be.
  static SortedMap<ReplicaKey, Replica> plan(
      ServingState state,
      SortedMap<String, ResourceGroup> groups,
      SortedMap<NodeId, Member> staying) {
    SortedMap<ReplicaKey, Replica> planned = new TreeMap<>();
    for (CollectionId collection : state.loads().keySet()) {
      Map<String, List<Map.Entry<ReplicaKey, Replica>>> byGroup = new TreeMap<>();
      state
          .replicasOf(collection)
          .entrySet()
          .forEach(entry ->
              byGroup.computeIfAbsent(entry.getValue().group(), _ -> new ArrayList<>()).add(entry));
      byGroup.forEach((group, members) -> {
        if (members.size() == 1) {
          planned.put(members.getFirst().getKey(), Replica.alone(group));
        } else {
          planned.putAll(divide(group, members, nodes(groups, group, staying)));
        }
      });
    }
    return planned;
  }

  private static SortedMap<NodeId, Member> nodes(
      SortedMap<String, ResourceGroup> groups, String group, SortedMap<NodeId, Member> staying) {
    SortedMap<NodeId, Member> nodes = new TreeMap<>(staying);
    ResourceGroup found = groups.get(group);
    nodes.keySet().retainAll(found == null ? List.of() : found.nodes());
    return nodes;
  }

  private static Map<ReplicaKey, Replica> divide(
      String group,
      List<Map.Entry<ReplicaKey, Replica>> replicas,
      SortedMap<NodeId, Member> nodes) {
    List<SortedSet<NodeId>> current = new ArrayList<>();
    replicas.forEach(entry -> current.add(current(entry.getValue(), nodes)));
    List<SortedSet<NodeId>> division = NodeDivision.divide(current, nodes);
    Map<ReplicaKey, Replica> divided = new TreeMap<>();
    for (int i = 0; i < replicas.size(); i++) {
      divided.put(replicas.get(i).getKey(), Replica.sharing(group, division.get(i)));
    }
    return divided;
  }

  /// One that was alone until now has had all.
  private static SortedSet<NodeId> current(Replica replica, SortedMap<NodeId, Member> groupNodes) {
    return replica.sharesGroup() ? replica.nodes() : new TreeSet<>(groupNodes.keySet());
  }

  /// The nodes a replica may use, as planned.
  static SortedSet<NodeId> nodes(Replica replica, SortedMap<String, ResourceGroup> groups) {
    if (replica.sharesGroup()) {
      return replica.nodes();
    }
    ResourceGroup group = groups.get(replica.group());
    return group == null ? new TreeSet<>() : group.nodes();
  }
}
