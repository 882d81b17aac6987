package io.elanus.proxy.catalog;

import com.google.protobuf.InvalidProtocolBufferException;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.model.Collection;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ReplicaId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.RouteMeta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which query node leads each shard in each replica, as the metastore says; no coordinator is asked.
public final class Routes implements AutoCloseable {
  private final MetaStore metaStore;
  private final Gate gate;
  private final Watcher watcher;

  // guarded by gate
  private final Map<ShardId, SortedMap<ReplicaId, NodeId>> leaders = new HashMap<>();
  private long changes;

  public Routes(Run run, MetaStore metaStore) {
    this.metaStore = metaStore;
    this.gate = run.gate();
    this.watcher = Watcher.start(run, metaStore, MetaKeys.ROUTES, new Following());
  }

  private final class Following implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      gate.change(() -> {
        leaders.clear();
        entries.forEach(entry -> take(entry.key(), Optional.of(entry.value())));
        changes++;
      });
    }

    @Override
    public void changed(List<MetaEvent> events) {
      gate.change(() -> {
        events.forEach(event -> take(event.key(), event.value()));
        changes++;
      });
    }
  }

  /// Under the gate.
  private void take(String key, Optional<byte[]> value) {
    ShardId shard = MetaKeys.routedShard(key);
    ReplicaId replica = MetaKeys.routedReplica(key);
    if (value.isPresent()) {
      leaders.computeIfAbsent(shard, _ -> new TreeMap<>()).put(replica, leader(key, value.get()));
    } else {
      leaders.computeIfPresent(shard, (_, routes) -> without(routes, replica));
    }
  }

  private static @Nullable SortedMap<ReplicaId, NodeId> without(
      SortedMap<ReplicaId, NodeId> routes, ReplicaId replica) {
    routes.remove(replica);
    return routes.isEmpty() ? null : routes;
  }

  private static NodeId leader(String key, byte[] bytes) {
    try {
      return new NodeId(RouteMeta.parseFrom(bytes).getNodeId());
    } catch (InvalidProtocolBufferException e) {
      throw new DbException(ErrorCode.CORRUPT, "route %s is corrupt".formatted(key), e);
    }
  }

  /// The leaders last heard of, in the order of the replicas; none when nobody is to serve the shard.
  public List<NodeId> leaders(ShardId shard) {
    return gate.read(() -> List.copyOf(leaders.getOrDefault(shard, new TreeMap<>()).values()));
  }

  /// Reads what the metastore says of the shard now.
  public void refresh(ShardId shard) {
    List<MetaEntry> entries = metaStore.range(MetaKeys.routes(shard)).entries();
    gate.change(() -> {
      leaders.remove(shard);
      entries.forEach(entry -> take(entry.key(), Optional.of(entry.value())));
    });
  }

  /// Grows with every change that was heard of.
  public long changes() {
    return gate.read(() -> changes);
  }

  /// Waits for a change after `seen`.
  ///
  /// @return false when `deadline` passed first
  public boolean awaitChange(long seen, Deadline deadline) {
    return gate.await(() -> changes != seen, deadline);
  }

  /// Something else happened for which those may look again who wait for a change.
  public void touch() {
    gate.change(() -> changes++);
  }

  /// For a collection that is no longer served here.
  public void forget(Collection collection) {
    gate.change(() -> leaders.keySet().removeIf(s -> s.collection().equals(collection.id())));
  }

  @Override
  public void close() {
    watcher.close();
  }
}
