package io.elanus.datacoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.NodeId;
import io.elanus.proto.internal.DataNodeStatusRequest;
import io.elanus.proto.internal.DataNodeStatusResponse;
import io.elanus.proto.internal.FenceShardRequest;
import io.elanus.proto.internal.FenceShardResponse;
import io.elanus.proto.internal.FlushLogRequest;
import io.elanus.proto.internal.FlushLogResponse;
import io.elanus.proto.internal.FlushShardsRequest;
import io.elanus.proto.internal.FlushShardsResponse;
import io.elanus.proto.internal.ShardPosition;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.proto.internal.SubmitEditResponse;
import io.elanus.proto.internal.UnflushedRowsRequest;
import io.elanus.proto.internal.UnflushedRowsResponse;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryCoordApi;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Datanodes that note what they are asked, and a rootcoord that counts.
final class FakePeers implements Peers {
  final CountingRootCoord counting = new CountingRootCoord();
  private final RootCoordApi rootCoord = counting.api();
  private final Set<NodeId> refusing = new HashSet<>();
  private final Map<NodeId, Long> unflushed = new HashMap<>();

  /// "node: shard@offset ..." of every hint that was taken.
  final List<String> hints = new ArrayList<>();

  /// "node: log" of every log that was flushed to be handed over.
  final List<String> handovers = new ArrayList<>();

  /// What owners were asked to commit.
  final List<SubmitEditRequest> edits = new ArrayList<>();

  /// What the owner of a shard does when it is to be fenced.
  Consumer<FenceShardRequest> fences = _ -> {};

  /// What happens while a log is flushed to be handed over.
  Runnable duringHandover = () -> {};

  void refuse(int node) {
    refusing.add(new NodeId(node));
  }

  void unflushed(int node, long rows) {
    unflushed.put(new NodeId(node), rows);
  }

  @Override
  public RootCoordApi rootCoord() {
    return rootCoord;
  }

  @Override
  public DataNodeApi dataNode(NodeId node) {
    return new DataNodeApi() {
      @Override
      public FlushShardsResponse flushShards(FlushShardsRequest request) {
        if (refusing.contains(node)) {
          throw ErrorCode.NODE_NOT_FOUND.with("nodeID", node);
        }
        StringBuilder hint = new StringBuilder(node + ":");
        for (ShardPosition position : request.getPositionsList()) {
          hint.append(' ').append(position.getShard()).append('@').append(position.getOffset());
        }
        hints.add(hint.toString());
        return FlushShardsResponse.getDefaultInstance();
      }

      @Override
      public SubmitEditResponse submitEdit(SubmitEditRequest request) {
        edits.add(request);
        return SubmitEditResponse.newBuilder().setCommitted(true).build();
      }

      @Override
      public FenceShardResponse fenceShard(FenceShardRequest request) {
        fences.accept(request);
        return FenceShardResponse.getDefaultInstance();
      }

      @Override
      public UnflushedRowsResponse unflushedRows(UnflushedRowsRequest request) {
        return UnflushedRowsResponse.newBuilder()
            .setRowCount(unflushed.getOrDefault(node, 0L))
            .build();
      }

      @Override
      public FlushLogResponse flushLog(FlushLogRequest request) {
        if (refusing.contains(node)) {
          throw ErrorCode.NODE_NOT_FOUND.with("nodeID", node);
        }
        handovers.add(node + ": " + request.getLog());
        duringHandover.run();
        return FlushLogResponse.getDefaultInstance();
      }

      @Override
      public DataNodeStatusResponse dataNodeStatus(DataNodeStatusRequest request) {
        throw new UnsupportedOperationException();
      }
    };
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
  public QueryNodeApi queryNode(NodeId node) {
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
