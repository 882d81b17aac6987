package io.elanus.proxy.read;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.meta.LiveNodes;
import io.elanus.common.model.Collection;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.catalog.Routes;
import io.elanus.rpc.internal.Peers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks every shard of a collection, each in one of its replicas. A replica that does not answer, or leads the
/// shard no more, is left for another one; when all were tried, the metastore is asked who leads now, and all are
/// tried again until the deadline: a move, a drain or a death fails no read. An answer lacks nothing, or is
/// an error.
///
/// Where nobody alive leads a loaded shard for a while, and no coordinator gives it to somebody, any node can
/// serve it *cold*, from its manifest and its log. All proxies ask the same one ([Rendezvous]).
///
/// No coordinator is needed: routes, loads and nodes are watched in the metastore.
public final class ShardCalls {
  private static final Logger log = LoggerFactory.getLogger(ShardCalls.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(10), Duration.ofMillis(500));

  /// A coordinator that lives has given the shard to somebody by then.
  private static final Duration COLD_AFTER = Duration.ofSeconds(2);

  private final Run run;
  private final FanOut fanOut;
  private final Peers peers;
  private final Routes routes;
  private final Loads loads;
  private final LiveNodes nodes;
  private final Duration patience;
  private final NodeChoice choice;

  /// Since when each shard is known to have no living leader.
  private final Map<ShardId, Long> leaderless = new ConcurrentHashMap<>();

  private final LongAdder retries = new LongAdder();
  private final LongAdder coldCalls = new LongAdder();

  /// What reads share.
  ///
  /// @param nodes query nodes that are registered
  public record Sight(Peers peers, Routes routes, Loads loads, LiveNodes nodes) {}

  /// What became of calls since the start.
  ///
  /// @param retries calls that were made again, mostly of another node
  /// @param coldCalls calls of a node that was not given the shard
  public record Counts(long retries, long coldCalls) {}

  /// @param patience how long a shard without leader is waited for
  public ShardCalls(Run run, FanOut fanOut, Sight sight, Duration patience) {
    this.run = run;
    this.fanOut = fanOut;
    this.peers = sight.peers();
    this.routes = sight.routes();
    this.loads = sight.loads();
    this.nodes = sight.nodes();
    this.patience = patience;
    this.choice = new NodeChoice(run);
  }

  public Counts counts() {
    return new Counts(retries.sum(), coldCalls.sum());
  }

  /// One answer per shard, in their order.
  ///
  /// @throws DbException `COLLECTION_NOT_LOADED`, `COLLECTION_NOT_FULLY_LOADED`, or what a leader refused with
  public <R> List<R> all(Collection collection, Deadline deadline, ShardCall<R> call) {
    List<ShardId> shards =
        IntStream.range(0, collection.shardCount()).mapToObj(collection::shard).toList();
    Deadline giveUp = deadline.orEarlier(Deadline.after(run, patience));
    return fanOut.all(
        shards, deadline, shard -> new Asking<>(collection, shard, giveUp, call).answer());
  }

  /// @param cold whether the node was not given the shard
  private record Target(NodeId node, boolean cold) {}

  /// One shard's part of a request.
  private final class Asking<R> {
    private final Collection collection;
    private final ShardId shard;
    private final Deadline giveUp;
    private final ShardCall<R> call;

    /// In this round.
    private final Set<NodeId> tried = new HashSet<>();

    private int rounds;

    Asking(Collection collection, ShardId shard, Deadline giveUp, ShardCall<R> call) {
      this.collection = collection;
      this.shard = shard;
      this.giveUp = giveUp;
      this.call = call;
    }

    R answer() {
      while (true) {
        long heard = routes.changes();
        Optional<Target> target = next();
        try {
          return ask(target.orElseThrow(this::nobody));
        } catch (DbException e) {
          DbException failure = failure(target, e);
          retries.increment();
          if (target.isEmpty() || next().isEmpty()) {
            nextRound(heard, failure);
          }
        }
      }
    }

    /// A living leader that was not tried yet; where there is none for long, who serves the shard cold.
    private Optional<Target> next() {
      List<NodeId> leaders =
          routes.leaders(shard).stream().filter(nodes.members()::containsKey).toList();
      if (!leaders.isEmpty()) {
        leaderless.remove(shard);
        List<NodeId> untried = leaders.stream().filter(node -> !tried.contains(node)).toList();
        return untried.isEmpty()
            ? Optional.empty()
            : Optional.of(new Target(choice.choose(untried), false));
      }
      long since = leaderless.computeIfAbsent(shard, _ -> run.nanoTime());
      boolean cold =
          run.nanoTime() - since >= COLD_AFTER.toNanos()
              && loads.remembered(collection).isPresent();
      return cold
          ? Rendezvous.order(shard, nodes.now()).stream()
              .filter(node -> !tried.contains(node))
              .findFirst()
              .map(node -> new Target(node, true))
          : Optional.empty();
    }

    private R ask(Target target) {
      if (target.cold()) {
        coldCalls.increment();
      }
      return choice.during(
          target.node(), () -> call.ask(peers.queryNode(target.node()), shard, target.cold()));
    }

    /// Nobody serves the shard: for good, or just now? Asked of the metastore.
    private DbException nobody() {
      try {
        loads.require(collection);
      } catch (DbException e) {
        leaderless.remove(shard);
        throw e;
      }
      return ErrorCode.COLLECTION_NOT_FULLY_LOADED.with("collection", collection.name());
    }

    /// @return what to say if nobody else answers
    /// @throws DbException what no repetition can mend
    private DbException failure(Optional<Target> target, DbException e) {
      target.ifPresent(asked -> tried.add(asked.node()));
      if (e.code() == ErrorCode.COLLECTION_NOT_LOADED) {
        return nobody();
      }
      boolean full = e.kind() == ErrorKind.OVERLOADED && target.filter(Target::cold).isPresent();
      if (!full && !mayPass(e)) {
        throw e;
      }
      target.ifPresent(asked -> choice.failed(asked.node()));
      return e;
    }

    private void nextRound(long heard, DbException failure) {
      rounds++;
      tried.clear();
      Duration pause = BACKOFF.pause(rounds, run.random());
      if (giveUp.remaining(run).compareTo(pause) <= 0) {
        throw failure;
      }
      if (!routes.awaitChange(heard, Deadline.after(run, pause))) {
        refresh();
      }
    }

    /// Only in case the watch lags; while the metastore is out of reach, what was heard last counts.
    private void refresh() {
      try {
        routes.refresh(shard);
      } catch (DbException e) {
        log.debug("routes not read shard={}", shard, e);
      }
    }
  }

  /// A read may be repeated, whatever became of it.
  private static boolean mayPass(DbException e) {
    return switch (e.kind()) {
      case NOT_READY, LOST_RACE, UNKNOWN_OUTCOME -> true;
      case BAD_REQUEST, OVERLOADED, CORRUPT, CANCELED, DENIED, BUG -> false;
    };
  }
}
