package io.elanus.querycoord.serving;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ReplicaId;
import io.elanus.common.model.ShardId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is to be served, and by whom.
///
/// @param groups without the default one as long as nobody has configured it
public record ServingState(
    SortedMap<CollectionId, Load> loads,
    SortedMap<ReplicaKey, Replica> replicas,
    SortedMap<RouteKey, Route> routes,
    SortedMap<String, ResourceGroup> groups) {
  public static final ServingState EMPTY =
      new ServingState(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  private static final ReplicaId FIRST = new ReplicaId(Long.MIN_VALUE);
  private static final ReplicaId LAST = new ReplicaId(Long.MAX_VALUE);

  public ServingState {
    loads = Collections.unmodifiableSortedMap(loads);
    replicas = Collections.unmodifiableSortedMap(replicas);
    routes = Collections.unmodifiableSortedMap(routes);
    groups = Collections.unmodifiableSortedMap(groups);
  }

  public SortedMap<ReplicaKey, Replica> replicasOf(CollectionId collection) {
    return replicas.subMap(new ReplicaKey(collection, FIRST), new ReplicaKey(collection, LAST));
  }

  /// In the order of replicas, then of shards.
  public SortedMap<RouteKey, Route> routesOf(CollectionId collection) {
    return routes.subMap(
        new RouteKey(new ShardId(collection, 0), FIRST),
        new RouteKey(new ShardId(collection, 0), LAST));
  }

  /// The group of this name; the default one is always there.
  public Optional<ResourceGroup> group(String name) {
    return Optional.ofNullable(groups.get(name))
        .or(() ->
            name.equals(ResourceGroup.DEFAULT_NAME)
                ? Optional.of(ResourceGroup.ofDefault())
                : Optional.empty());
  }

  /// An id no replica has.
  public ReplicaId freeReplica() {
    return new ReplicaId(
        1 + replicas.keySet().stream().mapToLong(key -> key.id().value()).max().orElse(0));
  }

  public ServingState apply(List<ServingChange> changes) {
    SortedMap<CollectionId, Load> nextLoads = new TreeMap<>(loads);
    SortedMap<ReplicaKey, Replica> nextReplicas = new TreeMap<>(replicas);
    SortedMap<RouteKey, Route> nextRoutes = new TreeMap<>(routes);
    SortedMap<String, ResourceGroup> nextGroups = new TreeMap<>(groups);
    for (ServingChange change : changes) {
      switch (change) {
        case ServingChange.PutLoad(var collection, var load) -> nextLoads.put(collection, load);
        case ServingChange.RemoveLoad(var collection) -> nextLoads.remove(collection);
        case ServingChange.PutReplica(var key, var replica) -> nextReplicas.put(key, replica);
        case ServingChange.RemoveReplica(var key) -> nextReplicas.remove(key);
        case ServingChange.PutRoute(var key, var route) -> nextRoutes.put(key, route);
        case ServingChange.RemoveRoute(var key) -> nextRoutes.remove(key);
        case ServingChange.PutGroup(var group) -> nextGroups.put(group.name(), group);
        case ServingChange.RemoveGroup(var name) -> nextGroups.remove(name);
      }
    }
    return new ServingState(nextLoads, nextReplicas, nextRoutes, nextGroups);
  }
}
