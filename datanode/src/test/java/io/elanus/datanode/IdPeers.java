package io.elanus.datanode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.AcquireJobRequest;
import io.elanus.proto.internal.AcquireJobResponse;
import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.AllocateIdsResponse;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryCoordApi;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;

/// A rootcoord that gives out ids, while it is there, and a datacoord without jobs; nobody else.
final class IdPeers implements Peers {
  private final Run run;
  private long next = 1_000;
  private boolean down;

  IdPeers(Run run) {
    this.run = run;
  }

  void goDown(boolean now) {
    down = now;
  }

  @Override
  public RootCoordApi rootCoord() {
    return (RootCoordApi)
        Proxy.newProxyInstance(
            RootCoordApi.class.getClassLoader(),
            new Class<?>[] {RootCoordApi.class},
            (_, _, arguments) -> allocate((AllocateIdsRequest) arguments[0]));
  }

  private AllocateIdsResponse allocate(AllocateIdsRequest request) {
    if (down) {
      throw ErrorCode.LEADERSHIP_LOST.because("this node does not lead rootcoord");
    }
    long first = next;
    next += request.getCount();
    return AllocateIdsResponse.newBuilder().setFirst(first).setCount(request.getCount()).build();
  }

  @Override
  public QueryCoordApi queryCoord() {
    throw new UnsupportedOperationException();
  }

  @Override
  public DataCoordApi dataCoord() {
    return (DataCoordApi)
        Proxy.newProxyInstance(
            DataCoordApi.class.getClassLoader(),
            new Class<?>[] {DataCoordApi.class},
            (_, _, arguments) -> noJob((AcquireJobRequest) arguments[0]));
  }

  private AcquireJobResponse noJob(AcquireJobRequest request) {
    run.sleep(Duration.ofMillis(request.getWaitMillis()));
    return AcquireJobResponse.getDefaultInstance();
  }

  @Override
  public QueryNodeApi queryNode(NodeId node) {
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
