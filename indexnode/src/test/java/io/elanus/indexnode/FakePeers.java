package io.elanus.indexnode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.AcquireJobRequest;
import io.elanus.proto.internal.AcquireJobResponse;
import io.elanus.proto.internal.FinishJobRequest;
import io.elanus.proto.internal.FinishJobResponse;
import io.elanus.proto.internal.IndexJob;
import io.elanus.proto.internal.RenewJobRequest;
import io.elanus.proto.internal.RenewJobResponse;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.proto.internal.SubmitEditResponse;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryCoordApi;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// A datacoord that hands out jobs in order, and datanodes that answer edits as they are told to.
final class FakePeers implements Peers {
  private final Run run;
  private final Gate gate;

  // guarded by gate
  private final Deque<IndexJob> waiting = new ArrayDeque<>();
  private final Set<Long> taken = new HashSet<>();
  private boolean down;

  /// "job: failure", or "job returned", in order.
  final List<String> finished = new ArrayList<>();

  /// "node: edit" of every edit that was submitted.
  final List<String> edits = new ArrayList<>();

  Function<NodeId, SubmitEditResponse> owner =
      _ -> SubmitEditResponse.newBuilder().setCommitted(true).build();

  FakePeers(Run run) {
    this.run = run;
    this.gate = run.gate();
  }

  void offer(long jobId) {
    IndexJob job =
        IndexJob.newBuilder()
            .setJobId(jobId)
            .setCollectionId(7)
            .setSegmentId(5)
            .setIndexId(50)
            .setManifestKey("m")
            .setLeaseMillis(30_000)
            .build();
    gate.change(() -> waiting.add(job));
  }

  /// The job is somebody else's from now on.
  void take(long jobId) {
    gate.change(() -> taken.add(jobId));
  }

  void goDown(boolean now) {
    gate.change(() -> down = now);
  }

  @Override
  public DataCoordApi dataCoord() {
    return (DataCoordApi)
        Proxy.newProxyInstance(
            DataCoordApi.class.getClassLoader(),
            new Class<?>[] {DataCoordApi.class},
            (_, method, arguments) -> answer(method, arguments[0]));
  }

  private Object answer(Method method, Object request) {
    if (gate.read(() -> down)) {
      throw ErrorCode.SERVICE_UNAVAILABLE.because("no datacoord leads now");
    }
    return switch (request) {
      case AcquireJobRequest acquire -> acquire(Duration.ofMillis(acquire.getWaitMillis()));
      case RenewJobRequest renew ->
          RenewJobResponse.newBuilder()
              .setHeld(gate.read(() -> !taken.contains(renew.getJobId())))
              .build();
      case FinishJobRequest finish -> {
        finished.add(
            finish.getJobId() + (finish.getReturned() ? " returned" : ": " + finish.getFailure()));
        yield FinishJobResponse.getDefaultInstance();
      }
      default -> throw new UnsupportedOperationException(method.getName());
    };
  }

  private AcquireJobResponse acquire(Duration wait) {
    gate.await(() -> !waiting.isEmpty(), Deadline.after(run, wait));
    AcquireJobResponse.Builder response = AcquireJobResponse.newBuilder();
    gate.change(() -> {
      if (!waiting.isEmpty()) {
        response.setJob(waiting.remove());
      }
    });
    return response.build();
  }

  @Override
  public DataNodeApi dataNode(NodeId node) {
    return (DataNodeApi)
        Proxy.newProxyInstance(
            DataNodeApi.class.getClassLoader(),
            new Class<?>[] {DataNodeApi.class},
            (_, _, arguments) -> {
              edits.add(node + ": " + ((SubmitEditRequest) arguments[0]).getEditId());
              return owner.apply(node);
            });
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
