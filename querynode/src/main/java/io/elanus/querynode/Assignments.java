package io.elanus.querynode;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Follows the `route/` keys and tells which shards this node is to lead and which segments it is to hold.
/// A shard may have several routes, one for each replica.
final class Assignments implements AutoCloseable {
  /// Told on one thread, which must not be kept.
  interface Listener {
    /// @param holders of the shard's other segments; empty when this node is not to lead the shard
    void lead(ShardId shard, Optional<Holders> holders);

    /// @param segments to hold for a leader, this node or another; empty for none
    void hold(ShardId shard, Set<SegmentId> segments);
  }

  private final NodeId node;
  private final Listener listener;
  private final Gate gate;
  private final Watcher watcher;

  // guarded by gate; by shard, then by key
  private final Map<ShardId, Map<String, Route>> routes = new HashMap<>();

  /// False until the routes were heard of for the first time.
  private boolean known;

  Assignments(Run run, MetaStore meta, NodeId node, Listener listener) {
    this.node = node;
    this.listener = listener;
    this.gate = run.gate();
    this.watcher = Watcher.start(run, meta, MetaKeys.ROUTES, new Following());
  }

  /// Whether somebody is named to lead the shard.
  boolean isRouted(ShardId shard) {
    return gate.read(() -> routes.containsKey(shard));
  }

  /// The keys of the routes that name this node.
  List<String> naming() {
    return gate.read(this::namingNow);
  }

  /// Waits until no route names this node.
  ///
  /// @return false when `deadline` passed first
  boolean awaitUnnamed(Deadline deadline) {
    return gate.await(() -> known && namingNow().isEmpty(), deadline);
  }

  @Override
  public void close() {
    watcher.close();
  }

  private List<String> namingNow() {
    return routes.values().stream()
        .flatMap(ofShard -> ofShard.entrySet().stream())
        .filter(route -> route.getValue().names(node))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private void tell(ShardId shard) {
    List<Route> ofShard =
        gate.read(() -> List.copyOf(routes.getOrDefault(shard, Map.of()).values()));
    listener.lead(
        shard,
        ofShard.stream()
            .filter(route -> route.isLedBy(node))
            .map(route -> Holders.of(route, node))
            .findFirst());
    Set<SegmentId> segments = new HashSet<>();
    ofShard.stream()
        .flatMap(route -> route.holders().stream())
        .filter(holder -> holder.node().equals(node))
        .forEach(holder -> segments.addAll(holder.segments()));
    listener.hold(shard, segments);
  }

  private final class Following implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      List<Route> listed = entries.stream().map(Route::decode).toList();
      Set<ShardId> concerned = new TreeSet<>();
      gate.change(() -> {
        known = true;
        concerned.addAll(routes.keySet());
        routes.clear();
        for (int i = 0; i < listed.size(); i++) {
          put(entries.get(i).key(), listed.get(i));
        }
        concerned.addAll(routes.keySet());
      });
      concerned.forEach(Assignments.this::tell);
    }

    @Override
    public void changed(List<MetaEvent> events) {
      events.forEach(this::take);
      shards(events).forEach(Assignments.this::tell);
    }

    private Collection<ShardId> shards(List<MetaEvent> events) {
      Set<ShardId> shards = new TreeSet<>();
      events.forEach(event -> shards.add(Route.shardOf(event.key())));
      return shards;
    }

    private void take(MetaEvent event) {
      Optional<Route> route =
          event
              .value()
              .map(value -> Route.decode(new MetaEntry(event.key(), value, event.revision())));
      gate.change(() ->
          route.ifPresentOrElse(
              found -> put(event.key(), found),
              () -> remove(Route.shardOf(event.key()), event.key())));
    }

    /// Under the gate.
    private void put(String key, Route route) {
      routes.computeIfAbsent(route.shard(), _ -> new TreeMap<>()).put(key, route);
    }

    /// Under the gate.
    private void remove(ShardId shard, String key) {
      routes.computeIfPresent(
          shard,
          (_, ofShard) -> {
            ofShard.remove(key);
            return ofShard.isEmpty() ? null : ofShard;
          });
    }
  }
}
