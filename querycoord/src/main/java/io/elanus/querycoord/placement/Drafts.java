package io.elanus.querycoord.placement;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.LoadScope;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.querycoord.placement.Plan.InFlight;
import io.elanus.querycoord.placement.Plan.Shortage;
import io.elanus.querycoord.serving.Load;
import io.elanus.querycoord.serving.Replica;
import io.elanus.querycoord.serving.ReplicaKey;
import io.elanus.querycoord.serving.ResourceGroup;
import io.elanus.querycoord.serving.Route;
import io.elanus.querycoord.serving.RouteKey;
import io.elanus.querycoord.serving.ServingChange;
import io.elanus.querycoord.serving.ServingState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// All routes as drafts, on which the planners work in turn.
final class Drafts {
  static final InFlight NOTHING_IN_FLIGHT = new InFlight(0, 0, 0);

  final Observed observed;
  final List<ReplicaDraft> replicas = new ArrayList<>();
  final SortedMap<CollectionId, Shortage> shortages = new TreeMap<>();
  private final ServingState state;
  private final Set<NodeId> staying;
  private final SortedMap<NodeId, NodeDraft> nodes = new TreeMap<>();

  /// By the set it was made of: the very same for all replicas that have a group to themselves.
  private final Map<SortedSet<NodeId>, UsableNodes> usableOf = new IdentityHashMap<>();

  /// @param planned the replicas of loaded collections, with the nodes they may use
  Drafts(
      ServingState state,
      Observed observed,
      SortedMap<String, ResourceGroup> groups,
      SortedMap<ReplicaKey, Replica> planned) {
    this.state = state;
    this.observed = observed;
    this.staying = observed.staying().keySet();
    observed.members().forEach((id, member) -> nodes.put(id, new NodeDraft(member)));
    planned.forEach((key, replica) -> replicas.add(draft(key, ReplicaPlan.nodes(replica, groups))));
  }

  private ReplicaDraft draft(ReplicaKey key, SortedSet<NodeId> mayUse) {
    Load load = state.loads().getOrDefault(key.collection(), new Load(1, 0, LoadScope.WHOLE));
    List<ShardDraft> shards = new ArrayList<>();
    for (int i = 0; i < load.shardCount(); i++) {
      RouteKey route = new RouteKey(new ShardId(key.collection(), i), key.id());
      shards.add(
          ShardDraft.of(
              route, load.scope(), Optional.ofNullable(state.routes().get(route)), observed));
    }
    SortedSet<NodeId> others = usedByOthers(key);
    UsableNodes usable =
        others.isEmpty()
            ? usableOf.computeIfAbsent(mayUse, all -> usable(all, others))
            : usable(mayUse, others);
    return new ReplicaDraft(key, shards, usable, nodes);
  }

  private UsableNodes usable(SortedSet<NodeId> mayUse, SortedSet<NodeId> others) {
    SortedSet<NodeId> usable = new TreeSet<>(mayUse);
    usable.retainAll(staying);
    usable.removeAll(others);
    return new UsableNodes(usable.stream().map(this::node).toList());
  }

  /// Nodes that serve another replica of the collection: before they are free, a second one would make
  /// them lose two replicas at a time.
  private SortedSet<NodeId> usedByOthers(ReplicaKey key) {
    SortedSet<NodeId> used = new TreeSet<>();
    if (state.replicasOf(key.collection()).size() > 1) {
      state
          .routesOf(key.collection())
          .forEach((route, value) -> {
            if (!route.replica().equals(key.id())) {
              used.addAll(value.nodes());
            }
          });
    }
    return used;
  }

  private NodeDraft node(NodeId id) {
    return Optional.ofNullable(nodes.get(id)).orElseThrow();
  }

  boolean isStaying(NodeId node) {
    return staying.contains(node);
  }

  /// Nodes, the one that leads the fewest shards first.
  List<NodeDraft> byLeads() {
    return nodes.values().stream()
        .filter(node -> staying.contains(node.id))
        .sorted(Comparator.<NodeDraft>comparingInt(node -> node.leads).thenComparing(n -> n.id))
        .toList();
  }

  /// Nodes, the one that will have the least first.
  List<NodeDraft> byBytes() {
    return nodes.values().stream()
        .filter(node -> staying.contains(node.id))
        .sorted(
            Comparator.<NodeDraft>comparingLong(node -> node.homeBytes).thenComparing(n -> n.id))
        .toList();
  }

  /// Something of the collection finds no place. The largest such thing is remembered.
  void lack(CollectionId collection, Shortage shortage) {
    shortages.merge(collection, shortage, (a, b) -> a.neededBytes() >= b.neededBytes() ? a : b);
  }

  /// Lets a node that is about to leave go, when it is the last one of its replica, and another replica
  /// serves the shard.
  void dismissIfSpare(ReplicaDraft replica, ShardDraft shard, NodeId leader) {
    if (!isStaying(leader) && isServedElsewhere(replica, shard)) {
      shard.leader = null;
    }
  }

  private boolean isServedElsewhere(ReplicaDraft replica, ShardDraft shard) {
    return replicas.stream()
        .filter(other -> other.key.collection().equals(replica.key.collection()))
        .filter(other -> other != replica)
        .map(other -> other.shards.get(shard.key.shard().index()))
        .anyMatch(this::isServedByOneThatStays);
  }

  private boolean isServedByOneThatStays(ShardDraft shard) {
    NodeId leader = shard.leader;
    return leader != null
        && isStaying(leader)
        && observed.report(leader).isServing(shard.key.shard());
  }

  /// The routes that differ from what they were.
  List<ServingChange> changes() {
    List<ServingChange> changes = new ArrayList<>();
    for (ReplicaDraft replica : replicas) {
      replica.shards.forEach(shard -> change(shard).ifPresent(changes::add));
    }
    return changes;
  }

  private static Optional<ServingChange> change(ShardDraft shard) {
    Optional<Route> before = Optional.ofNullable(shard.route);
    Optional<Route> after = shard.toRoute();
    if (before.equals(after)) {
      return Optional.empty();
    }
    return Optional.of(
        after
            .<ServingChange>map(route -> new ServingChange.PutRoute(shard.key, route))
            .orElseGet(() -> new ServingChange.RemoveRoute(shard.key)));
  }

  InFlight inFlight() {
    int segments = 0;
    int leaders = 0;
    int leaderless = 0;
    for (ReplicaDraft replica : replicas) {
      for (ShardDraft shard : replica.shards) {
        segments += (int) shard.segments.values().stream().filter(SegmentDraft::isMoving).count();
        leaders += shard.next == null ? 0 : 1;
        leaderless += shard.leader == null || shard.leaderLost ? 1 : 0;
      }
    }
    return new InFlight(segments, leaders, leaderless);
  }
}
