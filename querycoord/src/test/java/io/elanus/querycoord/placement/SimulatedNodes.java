package io.elanus.querycoord.placement;

import io.elanus.common.meta.Member;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.LoadScope;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ReplicaId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.querycoord.placement.NodeReport.Led;
import io.elanus.querycoord.serving.Holder;
import io.elanus.querycoord.serving.Load;
import io.elanus.querycoord.serving.Replica;
import io.elanus.querycoord.serving.ReplicaKey;
import io.elanus.querycoord.serving.ResourceGroup;
import io.elanus.querycoord.serving.Route;
import io.elanus.querycoord.serving.RouteKey;
import io.elanus.querycoord.serving.ServingChange;
import io.elanus.querycoord.serving.ServingState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Query nodes that do what routes tell them, a few segments per step, and a coordinator that plans after
/// each step. Checks after every step what placement promises.
///
/// A shard is served in a replica when its leader lives and serves, and every segment is ready on a living node
/// that the route names for it.
final class SimulatedNodes {
  /// Segments a node brings per step.
  int loadsPerStep = 2;

  ServingState state = ServingState.EMPTY;
  final SortedMap<NodeId, Member> members = new TreeMap<>();
  final Map<ShardId, ShardContents> contents = new HashMap<>();
  private final Map<NodeId, Set<SegmentId>> has = new HashMap<>();
  private final Map<NodeId, Map<ShardId, Led>> serves = new HashMap<>();
  private final Map<ShardId, Map<Long, ShardContents>> manifests = new HashMap<>();
  private long nextNode = 1;
  private long nextSegment = 1;
  private long nextReplica = 1;

  // what happened

  int plans;
  long planNanos;
  long segmentsLoaded;
  long bytesLoaded;
  int mostInFlight;
  long changes;

  NodeId join(String zone, long memoryBytes) {
    NodeId node = new NodeId(nextNode++);
    members.put(node, new Member(node, "querynode", "", "test").with(zone, memoryBytes));
    has.put(node, new HashSet<>());
    serves.put(node, new HashMap<>());
    return node;
  }

  void drain(NodeId node) {
    members.computeIfPresent(node, (_, member) -> member.leaving());
  }

  void die(NodeId node) {
    members.remove(node);
    has.remove(node);
    serves.remove(node);
  }

  CollectionId load(int shards, int replicas) {
    CollectionId collection = new CollectionId(state.loads().size() + 1);
    List<ServingChange> made = new ArrayList<>();
    made.add(new ServingChange.PutLoad(collection, new Load(replicas, shards, LoadScope.WHOLE)));
    for (int i = 0; i < replicas; i++) {
      Replica replica =
          replicas == 1
              ? Replica.alone(ResourceGroup.DEFAULT_NAME)
              : Replica.sharing(ResourceGroup.DEFAULT_NAME, new TreeSet<>());
      made.add(
          new ServingChange.PutReplica(
              new ReplicaKey(collection, new ReplicaId(nextReplica++)), replica));
    }
    state = state.apply(made);
    for (int i = 0; i < shards; i++) {
      commit(new ShardId(collection, i), ShardContents.NOTHING);
    }
    return collection;
  }

  void flush(ShardId shard, long... sizesBytes) {
    ShardContents before = contents.getOrDefault(shard, ShardContents.NOTHING);
    SortedMap<SegmentId, ShardContents.Segment> after = new TreeMap<>(before.segments());
    for (long size : sizesBytes) {
      after.put(
          new SegmentId(nextSegment++),
          new ShardContents.Segment(new PartitionId(1), size, 1, List.of()));
    }
    commit(shard, new ShardContents(before.version() + 1, after));
  }

  private void commit(ShardId shard, ShardContents newest) {
    contents.put(shard, newest);
    manifests.computeIfAbsent(shard, _ -> new HashMap<>()).put(newest.version(), newest);
  }

  /// Makes one segment of the two smallest.
  void compact(ShardId shard) {
    ShardContents before = contents.getOrDefault(shard, ShardContents.NOTHING);
    if (before.segments().size() < 2) {
      return;
    }
    SortedMap<SegmentId, ShardContents.Segment> after = new TreeMap<>(before.segments());
    long merged = 0;
    for (int i = 0; i < 2; i++) {
      var smallest =
          after.entrySet().stream()
              .min((a, b) -> Long.compare(a.getValue().sizeBytes(), b.getValue().sizeBytes()))
              .orElseThrow();
      merged += smallest.getValue().sizeBytes();
      after.remove(smallest.getKey());
    }
    after.put(
        new SegmentId(nextSegment++),
        new ShardContents.Segment(new PartitionId(1), merged, 1, List.of()));
    commit(shard, new ShardContents(before.version() + 1, after));
  }

  // steps

  /// One step of the nodes, then plans until nothing is left to plan.
  void step() {
    work();
    plan();
  }

  void plan() {
    for (int i = 0; i < 100; i++) {
      long before = System.nanoTime();
      Plan plan = Placement.plan(state, observed());
      planNanos += System.nanoTime() - before;
      plans++;
      mostInFlight = Math.max(mostInFlight, plan.inFlight().segments());
      if (plan.changes().isEmpty()) {
        return;
      }
      changes += plan.changes().size();
      state = state.apply(plan.changes());
      checkMemory();
    }
    throw new AssertionError("plans do not come to rest: " + Placement.plan(state, observed()));
  }

  /// Steps until nothing moves any more.
  ///
  /// @return how many it took
  int settle() {
    for (int steps = 0; steps < 10_000; steps++) {
      long before = changes + segmentsLoaded;
      step();
      if (before == changes + segmentsLoaded
          && Placement.plan(state, observed()).inFlight().segments() == 0) {
        return steps;
      }
    }
    throw new AssertionError("does not settle");
  }

  Observed observed() {
    Map<NodeId, NodeReport> reports = new HashMap<>();
    members
        .keySet()
        .forEach(node ->
            reports.put(
                node,
                new NodeReport(
                    serves.getOrDefault(node, Map.of()), has.getOrDefault(node, Set.of()), 0, 0)));
    return new Observed(members, reports, contents);
  }

  /// What nodes are told they do: let go of what nobody names them for, and bring some of the rest.
  private void work() {
    Map<NodeId, Map<SegmentId, Long>> told = told();
    for (NodeId node : members.keySet()) {
      Map<SegmentId, Long> wanted = told.getOrDefault(node, Map.of());
      Set<SegmentId> held = has.getOrDefault(node, new HashSet<>());
      held.retainAll(wanted.keySet());
      wanted.entrySet().stream()
          .filter(entry -> !held.contains(entry.getKey()))
          .sorted(Map.Entry.comparingByKey())
          .limit(loadsPerStep)
          .forEach(entry -> {
            held.add(entry.getKey());
            segmentsLoaded++;
            bytesLoaded += entry.getValue();
          });
    }
    lead();
  }

  /// Who leads, or is to, goes over to the newest manifest once all its segments are ready, and serves the
  /// one before until then.
  private void lead() {
    Map<NodeId, Map<ShardId, Led>> before = Map.copyOf(serves);
    members.keySet().forEach(node -> serves.put(node, new HashMap<>()));
    state
        .routes()
        .forEach((key, route) -> {
          List<NodeId> leaders = new ArrayList<>(List.of(route.leader()));
          route.next().ifPresent(leaders::add);
          for (NodeId leader : leaders) {
            if (members.containsKey(leader)) {
              Optional<ShardContents> former = served(before, leader, key.shard());
              Stream.concat(Stream.of(contents.get(key.shard())), former.stream())
                  .filter(manifest -> unready(manifest, route, leader).isEmpty())
                  .findFirst()
                  .ifPresent(manifest ->
                      serves
                          .computeIfAbsent(leader, _ -> new HashMap<>())
                          .put(key.shard(), new Led(100, true, manifest.version(), "")));
            }
          }
        });
  }

  private Optional<ShardContents> served(
      Map<NodeId, Map<ShardId, Led>> by, NodeId node, ShardId shard) {
    return Optional.ofNullable(by.getOrDefault(node, Map.of()).get(shard))
        .map(led -> Objects.requireNonNull(manifests.get(shard)).get(led.manifestVersion()));
  }

  private Map<NodeId, Map<SegmentId, Long>> told() {
    Map<NodeId, Map<SegmentId, Long>> told = new HashMap<>();
    state
        .routes()
        .forEach((key, route) -> {
          var segments = Objects.requireNonNull(contents.get(key.shard())).segments();
          for (Holder holder : route.holders()) {
            holder.segments().forEach(id -> tell(told, holder.node(), id, segments.get(id)));
          }
          List<NodeId> leaders = new ArrayList<>(List.of(route.leader()));
          route.next().ifPresent(leaders::add);
          for (NodeId leader : leaders) {
            unsaid(contents.get(key.shard()), route)
                .forEach(id -> tell(told, leader, id, segments.get(id)));
            served(serves, leader, key.shard())
                .ifPresent(manifest ->
                    unsaid(manifest, route)
                        .forEach(id -> tell(told, leader, id, segments.get(id))));
          }
        });
    return told;
  }

  /// Segments no holder names.
  private static Set<SegmentId> unsaid(ShardContents manifest, Route route) {
    Set<SegmentId> unsaid = new HashSet<>(manifest.segments().keySet());
    route.holders().forEach(holder -> holder.segments().forEach(unsaid::remove));
    return unsaid;
  }

  private static void tell(
      Map<NodeId, Map<SegmentId, Long>> told,
      NodeId node,
      SegmentId id,
      ShardContents.@Nullable Segment segment) {
    told.computeIfAbsent(node, _ -> new HashMap<>())
        .put(id, segment == null ? 0 : segment.sizeBytes());
  }

  // checks

  /// Segments a search of `manifest` through `leader` would not find ready.
  private Set<SegmentId> unready(ShardContents manifest, Route route, NodeId leader) {
    Set<SegmentId> unready = new TreeSet<>(manifest.segments().keySet());
    Set<SegmentId> leaders = unsaid(manifest, route);
    leaders.retainAll(has.getOrDefault(leader, Set.of()));
    unready.removeAll(leaders);
    for (Holder holder : route.holders()) {
      Set<SegmentId> there = new HashSet<>(holder.segments());
      there.retainAll(has.getOrDefault(holder.node(), Set.of()));
      unready.removeAll(there);
    }
    return unready;
  }

  /// Whether a search of the shard in this replica gets a whole answer now.
  boolean isServed(RouteKey key) {
    Route route = state.routes().get(key);
    return route != null
        && members.containsKey(route.leader())
        && served(serves, route.leader(), key.shard())
            .filter(manifest -> unready(manifest, route, route.leader()).isEmpty())
            .isPresent();
  }

  /// Shards that some replica serves.
  SortedSet<ShardId> served() {
    SortedSet<ShardId> served = new TreeSet<>();
    state.routes().keySet().stream().filter(this::isServed).forEach(key -> served.add(key.shard()));
    return served;
  }

  /// Every shard has a replica in which everything has a living node that was told so.
  void checkRepaired() {
    SortedSet<ShardId> repaired = new TreeSet<>();
    state.routes().entrySet().stream()
        .filter(entry -> entry.getValue().nodes().stream().allMatch(members::containsKey))
        .forEach(entry -> repaired.add(entry.getKey().shard()));
    check(
        repaired.equals(new TreeSet<>(contents.keySet())),
        "only %s are repaired by %s with %s: %s, short %s",
        repaired,
        state.replicas(),
        members,
        state.routes(),
        Placement.plan(state, observed()).shortages());
  }

  private void checkMemory() {
    Map<NodeId, Map<SegmentId, Long>> told = told();
    members.forEach((node, member) -> {
      long bytes =
          told.getOrDefault(node, Map.of()).values().stream().mapToLong(Long::longValue).sum();
      check(
          member.memoryBytes() == 0 || bytes <= member.memoryBytes(),
          "node %s of %d bytes was told to hold %d",
          node,
          member.memoryBytes(),
          bytes);
    });
  }

  /// Within each replica, no node has more than another by more than its largest segment. Shards that are
  /// held whole count as one segment.
  void checkBalanced() {
    for (ReplicaKey replica : state.replicas().keySet()) {
      Map<NodeId, Map<SegmentId, Long>> held = held(replica);
      List<NodeId> usable = Placement.nodes(state, observed(), state.replicas().get(replica));
      for (NodeId full : usable) {
        for (NodeId empty : usable) {
          long gap = bytes(held, full) - bytes(held, empty);
          long largest =
              held.getOrDefault(full, Map.of()).values().stream()
                  .mapToLong(Long::longValue)
                  .max()
                  .orElse(0);
          check(
              gap <= Math.max(largest, ShardDraft.WHOLE_BYTES),
              "replica %s: %s has %d more than %s",
              replica,
              full,
              gap,
              empty);
        }
      }
    }
  }

  /// What nodes have of a replica.
  Map<NodeId, Map<SegmentId, Long>> held(ReplicaKey replica) {
    Map<NodeId, Map<SegmentId, Long>> held = new HashMap<>();
    state
        .routes()
        .forEach((key, route) -> {
          if (key.replicaKey().equals(replica)) {
            var segments = Objects.requireNonNull(contents.get(key.shard())).segments();
            Set<SegmentId> unsaid = new HashSet<>(segments.keySet());
            for (Holder holder : route.holders()) {
              for (SegmentId id : holder.segments()) {
                unsaid.remove(id);
                tell(held, holder.node(), id, segments.get(id));
              }
            }
            unsaid.forEach(id -> tell(held, route.leader(), id, segments.get(id)));
          }
        });
    return held;
  }

  static long bytes(Map<NodeId, Map<SegmentId, Long>> held, NodeId node) {
    return held.getOrDefault(node, Map.of()).values().stream().mapToLong(Long::longValue).sum();
  }

  static void check(boolean holds, String problem, Object... args) {
    if (!holds) {
      throw new AssertionError(problem.formatted(args));
    }
  }
}
