package io.elanus.querycoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.HeldSegment;
import io.elanus.proto.internal.LedShard;
import io.elanus.proto.internal.NodeStatusRequest;
import io.elanus.proto.internal.NodeStatusResponse;
import io.elanus.proto.internal.PrepareSegmentsRequest;
import io.elanus.proto.internal.PrepareSegmentsResponse;
import io.elanus.proto.internal.QuerySegmentsRequest;
import io.elanus.proto.internal.QuerySegmentsResponse;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.internal.RouteMeta;
import io.elanus.proto.internal.SearchSegmentsRequest;
import io.elanus.proto.internal.SearchSegmentsResponse;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.proto.internal.WriteVerdictsRequest;
import io.elanus.proto.internal.WriteVerdictsResponse;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryCoordApi;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Query nodes that say what a test told them. Those told nothing do what routes tell them: they serve what they
/// lead or are to lead, and have the segments they are to hold.
final class FakeQueryNodes implements Peers {
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Run run;
  private final MetaStore meta;
  private final Map<NodeId, NodeStatusResponse> told = new HashMap<>();
  private final Set<NodeId> failing = new HashSet<>();
  private int asked;

  FakeQueryNodes(Run run, MetaStore meta) {
    this.run = run;
    this.meta = meta;
  }

  /// Leads one shard.
  void says(int node, LedShard shard) {
    told.put(new NodeId(node), NodeStatusResponse.newBuilder().addShards(shard).build());
  }

  static LedShard led(long collection, int shard, int progress, boolean serving) {
    return LedShard.newBuilder()
        .setCollectionId(collection)
        .setShard(shard)
        .setProgress(progress)
        .setServing(serving)
        .build();
  }

  void saysNothing(int node) {
    told.put(new NodeId(node), NodeStatusResponse.getDefaultInstance());
  }

  void obeys(int node) {
    told.remove(new NodeId(node));
  }

  void fails(int node) {
    failing.add(new NodeId(node));
  }

  /// How often somebody asked.
  int asked() {
    return asked;
  }

  private NodeStatusResponse status(NodeId node) {
    NodeStatusResponse status = told.containsKey(node) ? told.get(node) : obedience(node);
    return status.toBuilder().setSeen(1 + Math.abs((long) status.hashCode())).build();
  }

  private NodeStatusResponse obedience(NodeId node) {
    NodeStatusResponse.Builder status = NodeStatusResponse.newBuilder();
    meta.range(MetaKeys.ROUTES)
        .entries()
        .forEach(entry -> {
          RouteMeta route = CatalogCodec.parse(entry, RouteMeta.parser());
          var shard = MetaKeys.routedShard(entry.key());
          if (route.getNodeId() == node.value() || route.getNextNodeId() == node.value()) {
            status.addShards(led(shard.collection().value(), shard.index(), 100, true));
          }
          route.getHoldersList().stream()
              .filter(holder -> holder.getNodeId() == node.value())
              .flatMap(holder -> holder.getSegmentIdsList().stream())
              .forEach(segment ->
                  status.addSegments(
                      HeldSegment.newBuilder()
                          .setCollectionId(shard.collection().value())
                          .setShard(shard.index())
                          .setSegmentId(segment)
                          .setReady(true)));
        });
    return status.build();
  }

  @Override
  public QueryNodeApi queryNode(NodeId node) {
    return new QueryNodeApi() {
      @Override
      public WriteVerdictsResponse writeVerdicts(WriteVerdictsRequest request) {
        throw new UnsupportedOperationException();
      }

      @Override
      public NodeStatusResponse nodeStatus(NodeStatusRequest request) {
        asked++;
        if (failing.contains(node)) {
          throw ErrorCode.SERVICE_UNAVAILABLE.because("node %s fails", node);
        }
        long end = run.nanoTime() + Duration.ofMillis(request.getWaitMillis()).toNanos();
        while (status(node).getSeen() == request.getSeen() && run.nanoTime() < end) {
          run.sleep(LOOK);
        }
        return status(node);
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

      @Override
      public SearchShardResponse search(SearchShardRequest request) {
        throw new UnsupportedOperationException();
      }

      @Override
      public QueryShardResponse query(QueryShardRequest request) {
        throw new UnsupportedOperationException();
      }
    };
  }

  @Override
  public RootCoordApi rootCoord() {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueryCoordApi queryCoord() {
    throw new UnsupportedOperationException();
  }

  @Override
  public DataCoordApi dataCoord() {
    throw new UnsupportedOperationException();
  }

  @Override
  public DataNodeApi dataNode(NodeId node) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<NodeId> queryNodes() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<NodeId> dataNodes() {
    throw new UnsupportedOperationException();
  }
}
