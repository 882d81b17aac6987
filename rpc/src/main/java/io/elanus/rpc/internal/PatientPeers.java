package io.elanus.rpc.internal;

import io.elanus.common.model.NodeId;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.DataCoordGrpc;
import io.elanus.proto.internal.QueryCoordGrpc;
import io.elanus.proto.internal.RootCoordGrpc;
import io.elanus.rpc.peer.PatientCalls;
import java.time.Duration;
import java.util.List;

/// Peers whose coordinators are waited for: a call during a takeover is answered by the next one.
public final class PatientPeers implements Peers {
  private final Peers peers;
  private final RootCoordApi rootCoord;
  private final QueryCoordApi queryCoord;
  private final DataCoordApi dataCoord;

  /// @param patience how long a call waits for a coordinator at most; longer than a takeover takes
  public PatientPeers(Run run, Peers peers, Duration patience) {
    this.peers = peers;
    this.rootCoord =
        PatientCalls.of(
            run,
            patience,
            RootCoordApi.class,
            RootCoordGrpc.getServiceDescriptor(),
            peers::rootCoord);
    this.queryCoord =
        PatientCalls.of(
            run,
            patience,
            QueryCoordApi.class,
            QueryCoordGrpc.getServiceDescriptor(),
            peers::queryCoord);
    this.dataCoord =
        PatientCalls.of(
            run,
            patience,
            DataCoordApi.class,
            DataCoordGrpc.getServiceDescriptor(),
            peers::dataCoord);
  }

  @Override
  public RootCoordApi rootCoord() {
    return rootCoord;
  }

  @Override
  public QueryCoordApi queryCoord() {
    return queryCoord;
  }

  @Override
  public DataCoordApi dataCoord() {
    return dataCoord;
  }

  @Override
  public QueryNodeApi queryNode(NodeId node) {
    return peers.queryNode(node);
  }

  @Override
  public DataNodeApi dataNode(NodeId node) {
    return peers.dataNode(node);
  }

  @Override
  public List<NodeId> queryNodes() {
    return peers.queryNodes();
  }

  @Override
  public List<NodeId> dataNodes() {
    return peers.dataNodes();
  }
}
