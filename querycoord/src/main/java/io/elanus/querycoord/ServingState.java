package io.elanus.querycoord;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is to be served, and who leads each shard.
record ServingState(SortedMap<CollectionId, Load> loads, SortedMap<ShardId, NodeId> routes) {
  /// @param shardCount of the collection; fixed for its life
  record Load(int replicaNumber, int shardCount) {}

  static final ServingState EMPTY = new ServingState(new TreeMap<>(), new TreeMap<>());

  ServingState {
    loads = Collections.unmodifiableSortedMap(loads);
    routes = Collections.unmodifiableSortedMap(routes);
  }

  /// The routes of one collection.
  Map<ShardId, NodeId> routesOf(CollectionId collection) {
    return routes.subMap(new ShardId(collection, 0), new ShardId(collection, Integer.MAX_VALUE));
  }

  ServingState apply(List<ServingChange> changes) {
    SortedMap<CollectionId, Load> nextLoads = new TreeMap<>(loads);
    SortedMap<ShardId, NodeId> nextRoutes = new TreeMap<>(routes);
    for (ServingChange change : changes) {
      switch (change) {
        case ServingChange.PutLoad(var collection, var load) -> nextLoads.put(collection, load);
        case ServingChange.RemoveLoad(var collection) -> nextLoads.remove(collection);
        case ServingChange.PutRoute(var shard, var node) -> nextRoutes.put(shard, node);
        case ServingChange.RemoveRoute(var shard) -> nextRoutes.remove(shard);
      }
    }
    return new ServingState(nextLoads, nextRoutes);
  }
}
