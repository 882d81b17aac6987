package io.elanus.querycoord.placement;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A state and a sight of the world in a few words. Sizes are MiB, segments are of partition 1 unless said
/// otherwise, replicas are numbered from 1 within their collection.
final class Scene {
  private static final Pattern HOLDER = Pattern.compile("(\\d+)\\[([\\d, ]*)]");
  private static final Pattern LEADER = Pattern.compile("^(\\d+)(?: -> (\\d+))?");

  private ServingState state = ServingState.EMPTY;
  private final SortedMap<NodeId, Member> members = new TreeMap<>();
  private final Map<NodeId, Map<ShardId, Led>> led = new HashMap<>();
  private final Map<NodeId, Set<SegmentId>> ready = new HashMap<>();
  private final Map<ShardId, ShardContents> contents = new HashMap<>();

  ServingState state() {
    return state;
  }

  Observed observed() {
    Map<NodeId, NodeReport> reports = new HashMap<>();
    for (NodeId node : members.keySet()) {
      if (led.containsKey(node) || ready.containsKey(node)) {
        reports.put(
            node,
            new NodeReport(
                led.getOrDefault(node, Map.of()), ready.getOrDefault(node, Set.of()), 0, 0));
      }
    }
    return new Observed(members, reports, contents);
  }

  // the world

  Scene nodes(int... ids) {
    Arrays.stream(ids).forEach(id -> node(id, "", 0));
    return this;
  }

  Scene node(int id, String zone, long mebibytes) {
    Member member = new Member(new NodeId(id), "querynode", "", "test").with(zone, mebibytes << 20);
    members.put(member.node(), member);
    return this;
  }

  Scene leaving(int... ids) {
    for (int id : ids) {
      members.computeIfPresent(new NodeId(id), (_, member) -> member.leaving());
    }
    return this;
  }

  Scene gone(int... ids) {
    for (int id : ids) {
      members.remove(new NodeId(id));
      led.remove(new NodeId(id));
      ready.remove(new NodeId(id));
    }
    return this;
  }

  /// `10:40 11:30`: segment 10 has 40 MiB, 11 has 30. `10:40:5` is of partition 5.
  Scene contents(int collection, int shard, long version, String segments) {
    SortedMap<SegmentId, ShardContents.Segment> all = new TreeMap<>();
    for (String text : segments.isEmpty() ? new String[0] : segments.split(" ")) {
      String[] parts = text.split(":");
      long partition = parts.length > 2 ? Long.parseLong(parts[2]) : 1;
      all.put(
          new SegmentId(Long.parseLong(parts[0])),
          new ShardContents.Segment(
              new PartitionId(partition), Long.parseLong(parts[1]) << 20, 1, List.of()));
    }
    contents.put(shard(collection, shard), new ShardContents(version, all));
    return this;
  }

  Scene unread(int collection, int shard) {
    contents.remove(shard(collection, shard));
    return this;
  }

  Scene serving(int node, int collection, int shard, long version) {
    led.computeIfAbsent(new NodeId(node), _ -> new HashMap<>())
        .put(shard(collection, shard), new Led(100, true, version, ""));
    return this;
  }

  Scene ready(int node, int... segments) {
    Set<SegmentId> all = ready.computeIfAbsent(new NodeId(node), _ -> new HashSet<>());
    Arrays.stream(segments).forEach(id -> all.add(new SegmentId(id)));
    return this;
  }

  /// Every living node serves what it leads or is to lead, and has what it is to hold.
  Scene allReady() {
    led.clear();
    ready.clear();
    state
        .routes()
        .forEach((key, route) -> {
          long version = contents.getOrDefault(key.shard(), ShardContents.NOTHING).version();
          Led good = new Led(100, true, version, "");
          led.computeIfAbsent(route.leader(), _ -> new HashMap<>()).put(key.shard(), good);
          route
              .next()
              .ifPresent(
                  next -> led.computeIfAbsent(next, _ -> new HashMap<>()).put(key.shard(), good));
          Set<SegmentId> unsaid =
              new HashSet<>(
                  contents.getOrDefault(key.shard(), ShardContents.NOTHING).segments().keySet());
          for (Holder holder : route.holders()) {
            ready.computeIfAbsent(holder.node(), _ -> new HashSet<>()).addAll(holder.segments());
            holder.segments().forEach(unsaid::remove);
          }
          ready.computeIfAbsent(route.leader(), _ -> new HashSet<>()).addAll(unsaid);
          route
              .next()
              .ifPresent(next -> ready.computeIfAbsent(next, _ -> new HashSet<>()).addAll(unsaid));
        });
    return this;
  }

  // the state

  Scene loaded(int collection, int shards) {
    return loaded(collection, shards, 1, LoadScope.WHOLE);
  }

  Scene loaded(int collection, int shards, int replicas, LoadScope scope) {
    CollectionId id = new CollectionId(collection);
    List<ServingChange> changes = new ArrayList<>();
    changes.add(new ServingChange.PutLoad(id, new Load(replicas, shards, scope)));
    for (int i = 1; i <= replicas; i++) {
      Replica replica =
          replicas == 1
              ? Replica.alone(ResourceGroup.DEFAULT_NAME)
              : Replica.sharing(ResourceGroup.DEFAULT_NAME, new TreeSet<>());
      changes.add(new ServingChange.PutReplica(new ReplicaKey(id, new ReplicaId(i)), replica));
    }
    for (int shard = 0; shard < shards; shard++) {
      contents.putIfAbsent(shard(collection, shard), ShardContents.NOTHING);
    }
    state = state.apply(changes);
    return this;
  }

  Scene replica(int collection, int replica, String group, int... nodes) {
    SortedSet<NodeId> ids =
        Arrays.stream(nodes).mapToObj(NodeId::new).collect(Collectors.toCollection(TreeSet::new));
    ReplicaKey key = new ReplicaKey(new CollectionId(collection), new ReplicaId(replica));
    Replica value = nodes.length == 0 ? Replica.alone(group) : Replica.sharing(group, ids);
    return apply(new ServingChange.PutReplica(key, value));
  }

  Scene group(String name, int requests, int limits, int... nodes) {
    SortedSet<NodeId> ids =
        Arrays.stream(nodes).mapToObj(NodeId::new).collect(Collectors.toCollection(TreeSet::new));
    return apply(
        new ServingChange.PutGroup(
            new ResourceGroup(name, ResourceGroup.Config.of(requests, limits), ids)));
  }

  /// `1 -> 2 3[10, 11] 2[11]`, as [Route#toString] says it.
  Scene route(int collection, int shard, int replica, String text) {
    return apply(
        new ServingChange.PutRoute(
            new RouteKey(shard(collection, shard), new ReplicaId(replica)), parse(text)));
  }

  Scene route(int collection, int shard, String text) {
    return route(collection, shard, 1, text);
  }

  private Scene apply(ServingChange change) {
    state = state.apply(List.of(change));
    return this;
  }

  private static Route parse(String text) {
    Matcher leader = LEADER.matcher(text);
    assertThat(leader.find()).as(text).isTrue();
    List<Holder> holders = new ArrayList<>();
    Matcher holder = HOLDER.matcher(text);
    while (holder.find()) {
      List<SegmentId> segments =
          Arrays.stream(holder.group(2).split(",\\s*"))
              .map(id -> new SegmentId(Long.parseLong(id)))
              .toList();
      holders.add(new Holder(new NodeId(Long.parseLong(holder.group(1))), segments));
    }
    return new Route(
        new NodeId(Long.parseLong(leader.group(1))),
        Optional.ofNullable(leader.group(2)).map(id -> new NodeId(Long.parseLong(id))),
        holders,
        LoadScope.WHOLE);
  }

  // the plan

  /// Plans, makes the changes, and sees to it that there is nothing more to plan.
  ///
  /// @return the changes
  String plan() {
    Plan plan = Placement.plan(state, observed());
    state = state.apply(plan.changes());
    assertThat(texts(Placement.plan(state, observed()).changes())).isEmpty();
    return texts(plan.changes());
  }

  /// As [#plan], where the changes make more possible.
  String planStep() {
    Plan plan = Placement.plan(state, observed());
    state = state.apply(plan.changes());
    return texts(plan.changes());
  }

  Plan look() {
    return Placement.plan(state, observed());
  }

  String route(int collection, int shard) {
    RouteKey key = new RouteKey(shard(collection, shard), new ReplicaId(1));
    return String.valueOf(state.routes().get(key));
  }

  static String texts(Collection<ServingChange> changes) {
    return changes.stream().map(Scene::text).collect(Collectors.joining("; "));
  }

  private static String text(ServingChange change) {
    return switch (change) {
      case ServingChange.PutRoute(var key, var route) -> key + " = " + route;
      case ServingChange.RemoveRoute(var key) -> "remove " + key;
      case ServingChange.PutReplica(var key, var replica) ->
          "replica %s = %s".formatted(key, replica.sharesGroup() ? replica.nodes() : "alone");
      case ServingChange.RemoveReplica(var key) -> "remove replica " + key;
      case ServingChange.PutGroup(var group) ->
          "group %s = %s".formatted(group.name(), group.nodes());
      case ServingChange.RemoveGroup(var name) -> "remove group " + name;
      case ServingChange.PutLoad put -> put.toString();
      case ServingChange.RemoveLoad remove -> remove.toString();
    };
  }

  private static ShardId shard(int collection, int shard) {
    return new ShardId(new CollectionId(collection), shard);
  }
}
