package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Killed;
import io.elanus.common.run.Run;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryCoordApi;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Calls between the processes of a [ServingWorld]: they take a moment, run in the process that is called,
/// and end as on a real channel when it dies.
final class ServingNetwork {
  private final ServingWorld world;
  private final Gate gate;

  ServingNetwork(ServingWorld world) {
    this.world = world;
    this.gate = world.world.gate();
  }

  /// Lets calls to a process that has just died notice.
  void cut() {
    gate.change(() -> {});
  }

  Peers peers(Run caller) {
    return new Peers() {
      @Override
      public QueryNodeApi queryNode(NodeId id) {
        return (QueryNodeApi)
            Proxy.newProxyInstance(
                QueryNodeApi.class.getClassLoader(),
                new Class<?>[] {QueryNodeApi.class},
                (_, method, arguments) -> send(caller, id, method, arguments[0]));
      }

      @Override
      public List<NodeId> queryNodes() {
        return List.copyOf(world.nodes.keySet());
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
      public List<NodeId> dataNodes() {
        throw new UnsupportedOperationException();
      }
    };
  }

  private static final class Reply {
    boolean done;
    @Nullable Object value;
    @Nullable DbException error;
  }

  private Object send(Run caller, NodeId id, Method method, Object request) {
    Deadline deadline =
        RequestContext.find()
            .map(RequestContext::deadline)
            .orElseGet(() -> Deadline.after(caller, ServingWorld.TIMEOUT));
    deadline.check(caller, method.getName());
    Duration timeout = deadline.remaining(caller);
    travel(caller);
    ServingWorld.Node callee = world.nodes.get(id);
    if (callee == null || !callee.process().isAlive()) {
      throw ErrorCode.SERVICE_UNAVAILABLE.because("node %s is not there", id);
    }
    Reply reply = new Reply();
    callee.process().fork("rpc", () -> serve(callee, method, request, timeout, reply));
    if (!gate.await(() -> reply.done || !callee.process().isAlive(), deadline)) {
      throw ErrorCode.TIMEOUT.because("timeout waiting for %s", method.getName());
    }
    if (!reply.done) {
      throw ErrorCode.OUTCOME_UNKNOWN.because("node %s died", id);
    }
    DbException error = reply.error;
    if (error != null) {
      throw new DbException(error.code(), error.text(), error);
    }
    return Optional.ofNullable(reply.value).orElseThrow();
  }

  private void serve(
      ServingWorld.Node callee, Method method, Object request, Duration timeout, Reply reply) {
    world.calls.merge(method.getName(), 1, Integer::sum);
    RequestContext context =
        new RequestContext("default", "root", "test", Deadline.after(callee.process(), timeout), 0);
    Object given = world.planted.apply(request);
    Object value = null;
    DbException error = null;
    try {
      value = context.call(() -> invoke(callee, method, given));
    } catch (DbException e) {
      error = e;
    } catch (RuntimeException e) {
      world.surprises.add(e);
      error = new DbException(ErrorCode.UNEXPECTED, "unexpected: " + e, e);
    }
    travel(callee.process());
    Object answer = value;
    DbException failure = error;
    gate.change(() -> {
      reply.value = answer;
      reply.error = failure;
      reply.done = true;
    });
  }

  private static Object invoke(ServingWorld.Node callee, Method method, Object request) {
    try {
      return method.invoke(callee.role().service(), request);
    } catch (InvocationTargetException e) {
      switch (e.getTargetException()) {
        case RuntimeException thrown -> throw thrown;
        case Killed killed -> throw killed;
        default -> throw new IllegalStateException(e.getTargetException());
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private void travel(Run who) {
    who.sleep(
        Duration.ofNanos(
            world.random.nextLong(20_000, world.random.nextInt(20) == 0 ? 50_000_000 : 400_000)));
  }
}
