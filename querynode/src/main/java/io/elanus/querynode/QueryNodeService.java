package io.elanus.querynode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.LedShard;
import io.elanus.proto.internal.NodeStatusRequest;
import io.elanus.proto.internal.NodeStatusResponse;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.proto.internal.ShardProgressRequest;
import io.elanus.proto.internal.ShardProgressResponse;
import io.elanus.proto.internal.ShardState;
import io.elanus.querynode.Freshness.Demand;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.ShardSnapshot;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;

/// The gRPC edge of a query node: waits for freshness, takes a snapshot, computes on the CPU pool.
final class QueryNodeService implements QueryNodeApi {
  private final Run run;
  private final Leaders leaders;
  private final CpuPool cpu;
  private final Function<Duration, Deadline> deadlines;

  /// @param deadlines the request's own deadline, at most the given time from now
  QueryNodeService(Run run, Leaders leaders, CpuPool cpu, Function<Duration, Deadline> deadlines) {
    this.run = run;
    this.leaders = leaders;
    this.cpu = cpu;
    this.deadlines = deadlines;
  }

  @Override
  public SearchShardResponse search(SearchShardRequest request) {
    ShardId shard = new ShardId(new CollectionId(request.getCollectionId()), request.getShard());
    return read(
        shard,
        demand(request.getFreshness()),
        (snapshot, cancellation) -> ShardSearch.run(request, snapshot, cancellation));
  }

  @Override
  public QueryShardResponse query(QueryShardRequest request) {
    ShardId shard = new ShardId(new CollectionId(request.getCollectionId()), request.getShard());
    return read(
        shard,
        demand(request.getFreshness()),
        (snapshot, cancellation) -> ShardQuery.run(request, snapshot, cancellation));
  }

  @Override
  public ShardProgressResponse shardProgress(ShardProgressRequest request) {
    CollectionId collection = new CollectionId(request.getCollectionId());
    ShardProgressResponse.Builder progress = ShardProgressResponse.newBuilder();
    leaders.of(collection).stream().map(QueryNodeService::state).forEach(progress::addShards);
    return progress.build();
  }

  @Override
  public NodeStatusResponse nodeStatus(NodeStatusRequest request) {
    NodeStatusResponse.Builder status = NodeStatusResponse.newBuilder();
    leaders.all().stream().map(QueryNodeService::led).forEach(status::addShards);
    return status.build();
  }

  /// All phases of a request see the shard at one version.
  private <T> T read(
      ShardId shard, Demand demand, BiFunction<ShardSnapshot, Cancellation, T> compute) {
    Deadline deadline = deadlines.apply(Duration.ofMinutes(1));
    try (ShardSnapshot snapshot = leaders.require(shard).read(demand, deadline)) {
      Cancellation cancellation = Cancellation.at(run, deadline);
      return cpu.call(deadline, () -> compute.apply(snapshot, cancellation));
    }
  }

  private static Demand demand(io.elanus.proto.internal.Freshness freshness) {
    return switch (freshness.getLevel()) {
      case STRONG -> new Demand.Strong();
      case BOUNDED -> new Demand.Bounded(Duration.ofMillis(freshness.getBoundMillis()));
      case EVENTUALLY -> new Demand.Eventually();
      case UNRECOGNIZED ->
          throw ErrorCode.INVALID_PARAMETER.because(
              "unknown freshness %d", freshness.getLevelValue());
    };
  }

  private static LedShard led(ShardLeader leader) {
    boolean serving = leader.isServing();
    return LedShard.newBuilder()
        .setCollectionId(leader.shard().collection().value())
        .setShard(leader.shard().index())
        .setServing(serving)
        .setProgress(serving ? 100 : 0)
        .setFailure(leader.failure())
        .build();
  }

  private static ShardState state(ShardLeader leader) {
    boolean serving = leader.isServing();
    return ShardState.newBuilder()
        .setShard(leader.shard().index())
        .setServing(serving)
        .setProgress(serving ? 100 : 0)
        .setFailure(leader.failure())
        .build();
  }
}
