package io.elanus.querycoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.NodeId;
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
import io.elanus.proto.internal.ShardProgressRequest;
import io.elanus.proto.internal.ShardProgressResponse;
import io.elanus.proto.internal.ShardState;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryCoordApi;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Query nodes that say of their shards what a test told them.
final class FakeQueryNodes implements Peers {
  private final Map<NodeId, ShardProgressResponse> answers = new HashMap<>();
  private final Map<NodeId, ErrorCode> failures = new HashMap<>();

  void answer(int node, int shard, int progress, boolean serving) {
    ShardState state =
        ShardState.newBuilder().setShard(shard).setProgress(progress).setServing(serving).build();
    answers.put(new NodeId(node), ShardProgressResponse.newBuilder().addShards(state).build());
  }

  void fail(int node, ErrorCode code) {
    failures.put(new NodeId(node), code);
  }

  @Override
  public QueryNodeApi queryNode(NodeId node) {
    return new QueryNodeApi() {
      @Override
      public ShardProgressResponse shardProgress(ShardProgressRequest request) {
        if (failures.containsKey(node)) {
          throw failures.get(node).because("node %s fails", node);
        }
        return answers.getOrDefault(node, ShardProgressResponse.getDefaultInstance());
      }

      @Override
      public NodeStatusResponse nodeStatus(NodeStatusRequest request) {
        return NodeStatusResponse.getDefaultInstance();
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
