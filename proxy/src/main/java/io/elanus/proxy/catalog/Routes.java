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
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.RouteMeta;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Which query node leads each shard, as the metastore says; no coordinator is asked.
public final class Routes implements AutoCloseable {
  private final MetaStore metaStore;
  private final Map<String, NodeId> leaders = new ConcurrentHashMap<>();
  private final Watcher watcher;

  public Routes(Run run, MetaStore metaStore) {
    this.metaStore = metaStore;
    this.watcher = Watcher.start(run, metaStore, MetaKeys.ROUTES, new Following());
  }

  private final class Following implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      leaders.keySet().retainAll(entries.stream().map(MetaEntry::key).toList());
      entries.forEach(entry -> take(entry.key(), Optional.of(entry.value())));
    }

    @Override
    public void changed(List<MetaEvent> events) {
      events.forEach(event -> take(event.key(), event.value()));
    }
  }

  private void take(String key, Optional<byte[]> value) {
    value.ifPresentOrElse(bytes -> leaders.put(key, decode(key, bytes)), () -> leaders.remove(key));
  }

  private static NodeId decode(String key, byte[] bytes) {
    try {
      return new NodeId(RouteMeta.parseFrom(bytes).getNodeId());
    } catch (InvalidProtocolBufferException e) {
      throw new DbException(ErrorCode.CORRUPT, "route %s is corrupt".formatted(key), e);
    }
  }

  /// The leader as last heard of; empty when nobody leads the shard.
  public Optional<NodeId> leader(ShardId shard) {
    return Optional.ofNullable(leaders.get(MetaKeys.route(shard)));
  }

  /// The leader as the metastore says now.
  public Optional<NodeId> askLeader(ShardId shard) {
    String key = MetaKeys.route(shard);
    Optional<byte[]> value = metaStore.get(key).map(MetaEntry::value);
    take(key, value);
    return leader(shard);
  }

  /// For a collection that is no longer served here.
  public void forget(Collection collection) {
    for (int i = 0; i < collection.shardCount(); i++) {
      leaders.remove(MetaKeys.route(collection.shard(i)));
    }
  }

  @Override
  public void close() {
    watcher.close();
  }
}
