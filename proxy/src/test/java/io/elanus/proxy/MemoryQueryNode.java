package io.elanus.proxy;

import io.elanus.common.error.ErrorCode;
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
import io.elanus.proto.internal.WriteVerdictsRequest;
import io.elanus.proto.internal.WriteVerdictsResponse;
import io.elanus.rpc.internal.QueryNodeApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// One query node in front of all shards: it may refuse, and remembers what it was asked.
final class MemoryQueryNode implements QueryNodeApi {
  private final MemoryShards shards;
  private final List<SearchShardRequest> searches = new ArrayList<>();
  private Optional<ErrorCode> refusal = Optional.empty();
  private long knownVersion;

  MemoryQueryNode(MemoryShards shards) {
    this.shards = shards;
  }

  /// From now on every call fails so.
  synchronized void refuse(ErrorCode code) {
    refusal = Optional.of(code);
  }

  synchronized void answer() {
    refusal = Optional.empty();
  }

  /// Knows this version of the collection, and takes no plan of an older one.
  synchronized void refuseOlderThan(long version) {
    knownVersion = version;
  }

  synchronized List<SearchShardRequest> searches() {
    return List.copyOf(searches);
  }

  private <T> T unlessRefused(Supplier<T> answer) {
    Optional<ErrorCode> code;
    synchronized (this) {
      code = refusal;
    }
    code.ifPresent(refused -> {
      throw refused.because("the node refuses");
    });
    return answer.get();
  }

  @Override
  public SearchShardResponse search(SearchShardRequest request) {
    synchronized (this) {
      if (request.getCollectionVersion() < knownVersion) {
        throw ErrorCode.SCHEMA_MISMATCH.because("planned on %d", request.getCollectionVersion());
      }
      searches.add(request);
    }
    return unlessRefused(() -> shards.search(request));
  }

  @Override
  public QueryShardResponse query(QueryShardRequest request) {
    return unlessRefused(() -> shards.query(request));
  }

  @Override
  public WriteVerdictsResponse writeVerdicts(WriteVerdictsRequest request) {
    return unlessRefused(() -> shards.writeVerdicts(request));
  }

  @Override
  public NodeStatusResponse nodeStatus(NodeStatusRequest request) {
    return shards.nodeStatus(request);
  }

  @Override
  public SearchSegmentsResponse searchSegments(SearchSegmentsRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QuerySegmentsResponse querySegments(QuerySegmentsRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PrepareSegmentsResponse prepareSegments(PrepareSegmentsRequest request) {
    throw new UnsupportedOperationException();
  }
}
