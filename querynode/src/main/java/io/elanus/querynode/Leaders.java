package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaRange;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.proto.internal.RouteMeta;
import io.elanus.rpc.codec.CatalogCodec;
import java.time.Duration;
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
  private static final Backoff RETRY = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  private final Run run;
  private final MetaStore meta;
  private final NodeId node;
  private final Start start;
  private final Map<ShardId, ShardLeader> leaders = new ConcurrentHashMap<>();
  private final List<Task> tasks;
  private volatile boolean closed;

  Leaders(Run run, MetaStore meta, NodeId node, Start start) {
    this.run = run;
    this.meta = meta;
    this.node = node;
    this.start = start;
    this.tasks =
        List.of(
            run.fork("routes", () -> untilClosed(this::followRoutes)),
            run.fork("pointers", () -> untilClosed(this::followPointers)));
  }

  /// @throws DbException `NODE_NOT_MATCH` when this node does not lead the shard: ask for its route again
  ShardLeader require(ShardId shard) {
    return Optional.ofNullable(leaders.get(shard))
        .orElseThrow(
            () -> ErrorCode.NODE_NOT_MATCH.because("node %s does not lead shard %s", node, shard));
  }

  List<ShardLeader> of(CollectionId collection) {
    return leaders.values().stream().filter(l -> l.shard().collection().equals(collection)).toList();
  }

  @Override
  public void close() {
    closed = true;
    tasks.forEach(Task::cancel);
    tasks.forEach(task -> task.join(Deadline.NEVER));
    leaders.values().forEach(ShardLeader::close);
    leaders.clear();
  }

  private void untilClosed(Runnable following) {
    for (int failures = 1; !closed; failures++) {
      try {
        following.run();
        failures = 0;
      } catch (DbException e) {
        if (!closed) {
          log.warn("cannot follow the metastore node={}", node, e);
          run.sleep(RETRY.pause(failures + 1, run.random()));
        }
      }
    }
  }

  /// Looks at all routes, then waits until one of them changes.
  private void followRoutes() {
    MetaRange range = meta.range(MetaKeys.ROUTES);
    reconcile(
        range.entries().stream().flatMap(e -> mine(e).stream()).collect(Collectors.toSet()));
    try (MetaWatch watch = meta.watch(MetaKeys.ROUTES, range.revision())) {
      watch.poll(Deadline.NEVER);
    }
  }

  private void reconcile(Set<ShardId> wanted) {
    for (ShardLeader leader : List.copyOf(leaders.values())) {
      if (!wanted.contains(leader.shard())) {
        leaders.remove(leader.shard());
        leader.close();
        log.info("shard released shard={}", leader.shard());
      }
    }
    wanted.stream().sorted().filter(shard -> !leaders.containsKey(shard)).forEach(this::lead);
  }

  private void lead(ShardId shard) {
    meta.get(MetaKeys.collection(shard.collection()))
        .map(CatalogCodec::collection)
        .ifPresent(collection -> leaders.put(shard, start.lead(collection, shard)));
  }

  private void followPointers() {
    MetaRange range = meta.range(MetaKeys.POINTERS);
    leaders.values().forEach(ShardLeader::manifestChanged);
    try (MetaWatch watch = meta.watch(MetaKeys.POINTERS, range.revision())) {
      while (!closed) {
        watch.poll(Deadline.NEVER).forEach(this::tell);
      }
    }
  }

  private void tell(MetaEvent event) {
    event
        .value()
        .map(value -> leaders.get(ShardPointerCodec.decode(value).shard()))
        .ifPresent(ShardLeader::manifestChanged);
  }

  private Optional<ShardId> mine(MetaEntry entry) {
    if (CatalogCodec.parse(entry, RouteMeta.parser()).getNodeId() != node.value()) {
      return Optional.empty();
    }
    return Optional.of(MetaKeys.routedShard(entry.key()));
  }
}
