package io.elanus.querynode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.NodeStatusRequest;
import io.elanus.proto.internal.NodeStatusResponse;
import io.elanus.proto.internal.PrepareSegmentsRequest;
import io.elanus.proto.internal.PrepareSegmentsResponse;
import io.elanus.proto.internal.QuerySegmentsRequest;
import io.elanus.proto.internal.QuerySegmentsResponse;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.internal.SearchSegmentsRequest;
import io.elanus.proto.internal.SearchSegmentsResponse;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.proto.internal.SegmentsRead;
import io.elanus.proto.internal.WriteVerdict;
import io.elanus.proto.internal.WriteVerdictsRequest;
import io.elanus.proto.internal.WriteVerdictsResponse;
import io.elanus.querynode.Freshness.Demand;
import io.elanus.querynode.ShardReading.Answer;
import io.elanus.rpc.internal.QueryNodeApi;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// The gRPC edge of a query node.
final class QueryNodeService implements QueryNodeApi {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Run run;
  private final Leaders leaders;
  private final Holdings holdings;
  private final NodeState state;
  private final SplitRead reads;
  private final PagesAhead pages;
  private final Function<Duration, Deadline> deadlines;

  /// @param deadlines the request's own deadline, at most the given time from now
  QueryNodeService(
      Run run,
      Leaders leaders,
      Holdings holdings,
      NodeState state,
      SplitRead reads,
      PagesAhead pages,
      Function<Duration, Deadline> deadlines) {
    this.run = run;
    this.leaders = leaders;
    this.holdings = holdings;
    this.state = state;
    this.reads = reads;
    this.pages = pages;
    this.deadlines = deadlines;
  }

  @Override
  public SearchShardResponse search(SearchShardRequest request) {
    return read(new ShardSearch(request, pages), request.getCold());
  }

  @Override
  public QueryShardResponse query(QueryShardRequest request) {
    return read(new ShardQuery(request), request.getCold());
  }

  @Override
  public WriteVerdictsResponse writeVerdicts(WriteVerdictsRequest request) {
    Deadline deadline = deadlines.apply(LONGEST);
    ShardId shard = new ShardId(new CollectionId(request.getCollectionId()), request.getShard());
    return WriteVerdictsResponse.newBuilder()
        .addAllVerdicts(
            leader(shard, request.getCold(), deadline)
                .tookEffect(request.getWriter(), request.getSequencesList(), deadline)
                .stream()
                .map(QueryNodeService::verdict)
                .toList())
        .build();
  }

  private static WriteVerdict verdict(Optional<Boolean> tookEffect) {
    return tookEffect
        .map(yes -> yes ? WriteVerdict.TOOK_EFFECT : WriteVerdict.REFUSED)
        .orElse(WriteVerdict.VERDICT_UNKNOWN);
  }

  private ShardLeader leader(ShardId shard, boolean cold, Deadline deadline) {
    return cold ? leaders.cold(shard, deadline) : leaders.require(shard);
  }

  @Override
  public SearchSegmentsResponse searchSegments(SearchSegmentsRequest request) {
    Answer<SearchShardResponse> answer =
        readHeld(request.getRead(), new ShardSearch(request.getSearch(), pages));
    return switch (answer) {
      case Answer.Found<SearchShardResponse>(var part) ->
          SearchSegmentsResponse.newBuilder().setFound(part).build();
      case Answer.Lacking<SearchShardResponse>(var what) ->
          SearchSegmentsResponse.newBuilder().setLacking(what).build();
    };
  }

  @Override
  public QuerySegmentsResponse querySegments(QuerySegmentsRequest request) {
    Answer<QueryShardResponse> answer =
        readHeld(request.getRead(), new ShardQuery(request.getQuery()));
    return switch (answer) {
      case Answer.Found<QueryShardResponse>(var part) ->
          QuerySegmentsResponse.newBuilder().setFound(part).build();
      case Answer.Lacking<QueryShardResponse>(var what) ->
          QuerySegmentsResponse.newBuilder().setLacking(what).build();
    };
  }

  @Override
  public PrepareSegmentsResponse prepareSegments(PrepareSegmentsRequest request) {
    Deadline deadline = deadlines.apply(LONGEST);
    Answer<Boolean> answer =
        holdings
            .require(shard(request.getRead()))
            .prepare(request.getRead(), patience(request.getWaitMillis()), deadline);
    return switch (answer) {
      case Answer.Found<Boolean> _ -> PrepareSegmentsResponse.getDefaultInstance();
      case Answer.Lacking<Boolean>(var what) ->
          PrepareSegmentsResponse.newBuilder().setLacking(what).build();
    };
  }

  @Override
  public NodeStatusResponse nodeStatus(NodeStatusRequest request) {
    Deadline wait = Deadline.after(run, patience(request.getWaitMillis()));
    return state.await(request.getSeen(), wait.orEarlier(deadlines.apply(LONGEST)));
  }

  private <R> R read(ShardReading<R> reading, boolean cold) {
    Deadline deadline = deadlines.apply(LONGEST);
    ShardId shard = reading.shard();
    return reads.run(leader(shard, cold, deadline), reading, demand(reading.freshness()), deadline);
  }

  private <R> Answer<R> readHeld(SegmentsRead call, ShardReading<R> reading) {
    return holdings.require(shard(call)).read(call, reading, deadlines.apply(LONGEST));
  }

  private static ShardId shard(SegmentsRead call) {
    return new ShardId(new CollectionId(call.getCollectionId()), call.getShard());
  }

  private static Duration patience(long millis) {
    return Duration.ofMillis(Math.clamp(millis, 0, LONGEST.toMillis()));
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
}
