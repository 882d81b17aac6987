package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.common.run.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The shards this node leads: those a route gives to it, and for a while those that somebody reads here
/// although nobody leads them (cold shards).
///
/// Leaders come and go under one turn; any thread finds them.
final class Leaders implements AutoCloseable {
  /// Makes the leader of a shard.
  @FunctionalInterface
  interface Start {
    /// @param holders as the route says; empty without a route
    ShardLeader lead(ShardId shard, Optional<Holders> holders);
  }

  private static final Logger log = LoggerFactory.getLogger(Leaders.class);

  /// How long a cold shard stays after its last read; and when somebody is named to lead it, whom readers
  /// go to as soon as it serves.
  private static final Duration COLD_IDLE = Duration.ofMinutes(5);

  private static final Duration COLD_IDLE_ROUTED = Duration.ofSeconds(20);
  private static final Duration COLD_CHECK = Duration.ofSeconds(10);

  private final NodeId node;
  private final Start start;
  private final Predicate<ShardId> isRouted;
  private final Runnable changed;
  private final Map<ShardId, ShardLeader> leaders = new ConcurrentHashMap<>();
  private final Turn turn;
  private final Closing closing;
  private final Ticker cooling;

  /// @param isRouted whether a route names somebody to lead the shard
  /// @param changed told when a shard is led that was not before, or the other way round
  Leaders(Run run, NodeId node, Start start, Predicate<ShardId> isRouted, Runnable changed) {
    this.node = node;
    this.start = start;
    this.isRouted = isRouted;
    this.changed = changed;
    this.turn = new Turn(run, "leaders");
    this.closing = new Closing(run);
    this.cooling = Ticker.start(run, "cold-shards", COLD_CHECK, this::releaseCold);
  }

  /// Leads the shard if there are `holders` to go by, else lets go of it; not of a cold one.
  void lead(ShardId shard, Optional<Holders> holders) {
    turn.take(() -> {
      Optional<ShardLeader> leader = find(shard);
      if (holders.isPresent()) {
        leader.ifPresentOrElse(
            known -> known.route(holders.get()),
            () -> leaders.put(shard, start.lead(shard, holders)));
        changed.run();
      } else {
        leader.filter(ShardLeader::isRouted).ifPresent(this::release);
      }
    });
  }

  /// The leader of a shard; without one, this node serves the shard on its own account.
  ShardLeader cold(ShardId shard, Deadline deadline) {
    return find(shard).orElseGet(() -> turn.take(deadline, () -> findOrTakeUp(shard)));
  }

  /// Under the turn.
  private ShardLeader findOrTakeUp(ShardId shard) {
    Optional<ShardLeader> known = find(shard);
    if (known.isPresent()) {
      return known.get();
    }
    log.info("cold shard is taken up shard={}", shard);
    ShardLeader leader = start.lead(shard, Optional.empty());
    leaders.put(shard, leader);
    return leader;
  }

  /// @throws DbException `NODE_NOT_MATCH` when this node does not lead the shard: ask for its route again
  ShardLeader require(ShardId shard) {
    return find(shard)
        .orElseThrow(
            () -> ErrorCode.NODE_NOT_MATCH.because("node %s does not lead shard %s", node, shard));
  }

  private Optional<ShardLeader> find(ShardId shard) {
    return Optional.ofNullable(leaders.get(shard));
  }

  void manifestChanged(ShardId shard) {
    find(shard).ifPresent(ShardLeader::manifestChanged);
  }

  void manifestsChanged() {
    leaders.values().forEach(ShardLeader::manifestChanged);
  }

  /// In the order of their shards.
  List<ShardLeader> all() {
    return leaders.values().stream().sorted((a, b) -> a.shard().compareTo(b.shard())).toList();
  }

  @Override
  public void close() {
    cooling.close();
    turn.take(() -> all().forEach(this::release));
    closing.awaitAll();
  }

  private void releaseCold() {
    turn.take(() ->
        all().stream()
            .filter(leader -> !leader.isRouted())
            .filter(this::isIdle)
            .forEach(this::release));
  }

  private boolean isIdle(ShardLeader leader) {
    Duration most = isRouted.test(leader.shard()) ? COLD_IDLE_ROUTED : COLD_IDLE;
    return leader.idle().compareTo(most) > 0;
  }

  /// Under the turn. A slow one keeps nobody.
  private void release(ShardLeader leader) {
    leaders.remove(leader.shard());
    changed.run();
    closing.close("release " + leader.shard(), leader);
    log.info("shard released shard={}", leader.shard());
  }
}
