package io.elanus.querycoord.placement;

import io.elanus.common.model.NodeId;
import io.elanus.querycoord.serving.Load;
import io.elanus.querycoord.serving.Replica;
import io.elanus.querycoord.serving.ReplicaKey;
import io.elanus.querycoord.serving.ResourceGroup;
import io.elanus.querycoord.serving.RouteKey;
import io.elanus.querycoord.serving.ServingChange;
import io.elanus.querycoord.serving.ServingState;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which node serves what. Keeps what is placed, takes back what is no longer wanted, replaces what is dead
/// at once and what leaves once its successor is ready, and evens out the rest a few moves at a time.
///
/// ```
///  wanted 7/0 7/1      before  7/0 -> 1   7/1 -> 2   9/0 -> 1      nodes 1, 3
///                      after   7/0 -> 1   7/1 -> 3
/// ```
///
/// Goals, the first one first: a living leader for every shard of every replica; a living node with room for
/// every segment; nothing on nodes that leave; leaders even; bytes even. A node is never given more than its
/// memory. Without any node to take something, it stays where it is.
public final class Placement {
  private Placement() {}

  /// Pure. Planned again after its changes with the same sight, it plans none, or the few that the changes
  /// made possible; never the opposite ones.
  public static Plan plan(ServingState state, Observed observed) {
    if (observed.members().isEmpty()) {
      return new Plan(unwanted(state), new TreeMap<>(), Drafts.NOTHING_IN_FLIGHT);
    }
    SortedMap<String, ResourceGroup> groups = groups(state, observed);
    SortedMap<ReplicaKey, Replica> replicas = ReplicaPlan.plan(state, groups, observed.staying());
    Drafts drafts = new Drafts(state, observed, groups, replicas);
    LeaderPlan.plan(drafts);
    SegmentPlan.plan(drafts);
    LeaderPlan.balance(drafts);
    SegmentBalance.plan(drafts);

    List<ServingChange> changes = new ArrayList<>();
    changes.addAll(unwanted(state));
    changes.addAll(newGroups(state, groups));
    changes.addAll(newReplicas(state, replicas));
    changes.addAll(drafts.changes());
    return new Plan(changes, drafts.shortages, drafts.inFlight());
  }

  private static List<ServingChange> unwanted(ServingState state) {
    List<ServingChange> changes = new ArrayList<>();
    for (RouteKey key : state.routes().keySet()) {
      Load load = state.loads().get(key.collection());
      if (load == null
          || key.shard().index() >= load.shardCount()
          || !state.replicas().containsKey(key.replicaKey())) {
        changes.add(new ServingChange.RemoveRoute(key));
      }
    }
    state.replicas().keySet().stream()
        .filter(key -> !state.loads().containsKey(key.collection()))
        .forEach(key -> changes.add(new ServingChange.RemoveReplica(key)));
    return changes;
  }

  private static List<ServingChange> newGroups(
      ServingState state, SortedMap<String, ResourceGroup> groups) {
    return groups.values().stream()
        .filter(group -> !group.isDefault() && !group.equals(state.groups().get(group.name())))
        .<ServingChange>map(ServingChange.PutGroup::new)
        .toList();
  }

  private static List<ServingChange> newReplicas(
      ServingState state, SortedMap<ReplicaKey, Replica> replicas) {
    return replicas.entrySet().stream()
        .filter(entry -> !entry.getValue().equals(state.replicas().get(entry.getKey())))
        .<ServingChange>map(entry -> new ServingChange.PutReplica(entry.getKey(), entry.getValue()))
        .toList();
  }

  /// Everything as it is, with what is ready in its place.
  static Drafts drafts(ServingState state, Observed observed) {
    SortedMap<String, ResourceGroup> groups = groups(state, observed);
    return new Drafts(state, observed, groups, ReplicaPlan.plan(state, groups, observed.staying()));
  }

  /// The groups with their nodes, the default one too.
  public static SortedMap<String, ResourceGroup> groups(ServingState state, Observed observed) {
    return GroupPlan.plan(state.groups(), observed.staying().keySet());
  }

  /// The nodes a replica may use.
  public static List<NodeId> nodes(ServingState state, Observed observed, Replica replica) {
    return ReplicaPlan.nodes(replica, groups(state, observed)).stream()
        .filter(node -> observed.members().containsKey(node))
        .toList();
  }
}
