package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ReplicaId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.RouteMeta;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the `route/` keys: leads the shards given to this node and lets go of the others. Follows the
/// `pointer/` keys: tells leaders of new manifests.
final class Leaders implements AutoCloseable {
  /// Makes the leader of a shard.
  @FunctionalInterface
  interface Start {
    ShardLeader lead(Collection collection, ShardId shard);
  }

  private static final Logger log = LoggerFactory.getLogger(Leaders.class);

  private final MetaStore meta;
  private final NodeId node;
  private final Start start;
  private final Map<ShardId, ShardLeader> leaders = new ConcurrentHashMap<>();

  /// In which replica each shard is led here: a node leads a shard in one at most.
  private final Map<ShardId, ReplicaId> replicas = new ConcurrentHashMap<>();

  private final Watcher routes;
  private final Watcher pointers;

  Leaders(Run run, MetaStore meta, NodeId node, Start start) {
    this.meta = meta;
    this.node = node;
    this.start = start;
    this.routes = Watcher.start(run, meta, MetaKeys.ROUTES, new Routes());
    this.pointers = Watcher.start(run, meta, MetaKeys.POINTERS, new Pointers());
  }

  /// @throws DbException `NODE_NOT_MATCH` when this node does not lead the shard: ask for its route again
  ShardLeader require(ShardId shard) {
    return Optional.ofNullable(leaders.get(shard))
        .orElseThrow(
            () -> ErrorCode.NODE_NOT_MATCH.because("node %s does not lead shard %s", node, shard));
  }

  List<ShardLeader> all() {
    return List.copyOf(leaders.values());
  }

  List<ShardLeader> of(CollectionId collection) {
    return leaders.values().stream()
        .filter(l -> l.shard().collection().equals(collection))
        .toList();
  }

  @Override
  public void close() {
    pointers.close();
    routes.close();
    leaders.values().forEach(ShardLeader::close);
    leaders.clear();
  }

  private final class Routes implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      List<MetaEntry> mine = entries.stream().filter(this::isHere).toList();
      Set<ShardId> shards =
          mine.stream().map(entry -> MetaKeys.routedShard(entry.key())).collect(Collectors.toSet());
      List.copyOf(leaders.keySet()).stream()
          .filter(shard -> !shards.contains(shard))
          .forEach(this::release);
      mine.forEach(entry -> lead(entry.key()));
    }

    @Override
    public void changed(List<MetaEvent> events) {
      for (MetaEvent event : events) {
        boolean here =
            event
                .value()
                .map(value -> new MetaEntry(event.key(), value, event.revision()))
                .filter(this::isHere)
                .isPresent();
        ShardId shard = MetaKeys.routedShard(event.key());
        if (here) {
          lead(event.key());
        } else if (MetaKeys.routedReplica(event.key()).equals(replicas.get(shard))) {
          release(shard);
        }
      }
    }

    private boolean isHere(MetaEntry entry) {
      return CatalogCodec.parse(entry, RouteMeta.parser()).getNodeId() == node.value();
    }

    private void lead(String key) {
      ShardId shard = MetaKeys.routedShard(key);
      replicas.put(shard, MetaKeys.routedReplica(key));
      if (!leaders.containsKey(shard)) {
        meta.get(MetaKeys.collection(shard.collection()))
            .map(CatalogCodec::collection)
            .ifPresent(collection -> leaders.put(shard, start.lead(collection, shard)));
      }
    }

    private void release(ShardId shard) {
      replicas.remove(shard);
      Optional.ofNullable(leaders.remove(shard))
          .ifPresent(leader -> {
            leader.close();
            log.info("shard released shard={}", shard);
          });
    }
  }

  private final class Pointers implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      leaders.values().forEach(ShardLeader::manifestChanged);
    }

    @Override
    public void changed(List<MetaEvent> events) {
      for (MetaEvent event : events) {
        event
            .value()
            .map(value -> leaders.get(ShardPointerCodec.decode(value).shard()))
            .ifPresent(ShardLeader::manifestChanged);
      }
    }
  }
}
