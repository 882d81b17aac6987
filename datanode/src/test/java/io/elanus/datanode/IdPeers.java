package io.elanus.datanode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.AcquireJobRequest;
import io.elanus.proto.internal.AcquireJobResponse;
import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.AllocateIdsResponse;
import io.elanus.proto.internal.CompactionJob;
import io.elanus.proto.internal.FinishJobRequest;
import io.elanus.proto.internal.FinishJobResponse;
import io.elanus.proto.internal.JobKind;
import io.elanus.proto.internal.RenewJobRequest;
import io.elanus.proto.internal.RenewJobResponse;
import io.elanus.proto.internal.RestoreJob;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryCoordApi;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A rootcoord that gives out ids, while it is there, and a datacoord that hands out the jobs it is given; of datanodes
/// those it knows.
final class IdPeers implements Peers {
  private final Run run;
  private long next = 1_000;
  private boolean down;
  private final Gate gate;
  private final Map<NodeId, DataNodeApi> nodes = new HashMap<>();

  // guarded by gate
  private final Deque<CompactionJob> jobs = new ArrayDeque<>();
  private final Deque<RestoreJob> restores = new ArrayDeque<>();

  /// "job: failure", in order.
  final List<String> finished = new ArrayList<>();

  IdPeers(Run run) {
    this.run = run;
    this.gate = run.gate();
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
            (_, _, arguments) -> answer(arguments[0]));
  }

  private Object answer(Object request) {
    return switch (request) {
      case AcquireJobRequest acquire ->
          acquire(acquire.getKind(), Duration.ofMillis(acquire.getWaitMillis()));
      case RenewJobRequest _ -> RenewJobResponse.newBuilder().setHeld(true).build();
      case FinishJobRequest finish -> {
        finished.add(finish.getJobId() + ": " + finish.getFailure());
        yield FinishJobResponse.getDefaultInstance();
      }
      default -> throw new UnsupportedOperationException(request.toString());
    };
  }

  private AcquireJobResponse acquire(JobKind kind, Duration wait) {
    Deque<?> wanted = kind == JobKind.RESTORE ? restores : jobs;
    gate.await(() -> !wanted.isEmpty(), Deadline.after(run, wait));
    AcquireJobResponse.Builder response = AcquireJobResponse.newBuilder();
    gate.change(() -> {
      if (kind == JobKind.RESTORE) {
        Optional.ofNullable(restores.poll()).ifPresent(response::setRestore);
      } else {
        Optional.ofNullable(jobs.poll()).ifPresent(response::setCompaction);
      }
    });
    return response.build();
  }

  void offer(RestoreJob job) {
    gate.change(() -> restores.add(job));
  }

  void offer(CompactionJob job) {
    gate.change(() -> jobs.add(job));
  }

  /// Whom others reach as this node.
  void know(NodeId node, DataNodeApi api) {
    nodes.put(node, api);
  }

  long freshId() {
    return next++;
  }

  @Override
  public QueryNodeApi queryNode(NodeId node) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DataNodeApi dataNode(NodeId node) {
    return Optional.ofNullable(nodes.get(node))
        .orElseThrow(() -> ErrorCode.NODE_NOT_FOUND.with("node", node));
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
