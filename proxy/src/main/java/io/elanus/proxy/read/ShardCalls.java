package io.elanus.proxy.read;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
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
import io.elanus.rpc.internal.QueryNodeApi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/// Asks the leader of every shard of a collection. A leader that is gone, or is one no more, is looked
/// up again and asked again until the deadline: a move or a restart fails no read. Only querycoord says
/// that a collection is not loaded.
public final class ShardCalls {
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(10), Duration.ofMillis(500));

  private final Run run;
  private final FanOut fanOut;
  private final Peers peers;
  private final Routes routes;
  private final Loads loads;
  private final Duration patience;

  /// @param patience how long a shard without leader is waited for
  public ShardCalls(
      Run run, FanOut fanOut, Peers peers, Routes routes, Loads loads, Duration patience) {
    this.run = run;
    this.fanOut = fanOut;
    this.peers = peers;
    this.routes = routes;
    this.loads = loads;
    this.patience = patience;
  }

  /// One answer per shard, in their order.
  ///
  /// @throws DbException `COLLECTION_NOT_LOADED`, `COLLECTION_NOT_FULLY_LOADED`, or what a leader refused with
  public <R> List<R> all(
      Collection collection, Deadline deadline, BiFunction<QueryNodeApi, ShardId, R> call) {
    List<ShardId> shards =
        IntStream.range(0, collection.shardCount()).mapToObj(collection::shard).toList();
    Deadline giveUp = deadline.orEarlier(Deadline.after(run, patience));
    return fanOut.all(shards, deadline, shard -> one(collection, shard, giveUp, call));
  }

  private <R> R one(
      Collection collection,
      ShardId shard,
      Deadline giveUp,
      BiFunction<QueryNodeApi, ShardId, R> call) {
    for (int tries = 1; ; tries++) {
      try {
        NodeId leader = leader(collection, shard, tries);
        return call.apply(peers.queryNode(leader), shard);
      } catch (DbException e) {
        DbException failure = e;
        if (e.code() == ErrorCode.COLLECTION_NOT_LOADED) {
          failure = notLoadedHere(collection, e);
        }
        if (!mayPass(failure)) {
          throw failure;
        }
        pause(tries, failure, giveUp);
      }
    }
  }

  /// The leader last heard of; after a failure, the one the metastore names now.
  private NodeId leader(Collection collection, ShardId shard, int tries) {
    Optional<NodeId> known = tries == 1 ? routes.leader(shard) : Optional.empty();
    return known
        .or(() -> routes.askLeader(shard))
        .orElseThrow(() ->
            notLoadedHere(
                collection,
                ErrorCode.COLLECTION_NOT_FULLY_LOADED.with("collection", collection.name())));
  }

  /// Nobody serves the shard: for good, or just now?
  ///
  /// @return `COLLECTION_NOT_LOADED` only when querycoord says so
  private DbException notLoadedHere(Collection collection, DbException seen) {
    try {
      loads.require(collection);
    } catch (DbException e) {
      return e;
    }
    return seen.code() == ErrorCode.COLLECTION_NOT_LOADED
        ? ErrorCode.COLLECTION_NOT_FULLY_LOADED.with("collection", collection.name())
        : seen;
  }

  /// A read may be repeated, whatever became of it.
  private static boolean mayPass(DbException e) {
    return switch (e.kind()) {
      case NOT_READY, LOST_RACE, UNKNOWN_OUTCOME -> true;
      case BAD_REQUEST, OVERLOADED, CORRUPT, CANCELED, DENIED, BUG -> false;
    };
  }

  private void pause(int tries, DbException failure, Deadline giveUp) {
    Duration pause = BACKOFF.pause(tries, run.random());
    if (giveUp.remaining(run).compareTo(pause) <= 0) {
      throw failure;
    }
    run.sleep(pause);
  }
}
