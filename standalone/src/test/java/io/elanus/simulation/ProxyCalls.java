package io.elanus.simulation;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.rpc.call.RequestContext;
import io.elanus.simulation.Node.Kind;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// One user's way to the public API: asks any proxy, once.
record ProxyCalls(SimulatedCluster cluster, SimulatedProcess process) {
  private static final Duration TIMEOUT = Duration.ofSeconds(9);

  /// @throws io.elanus.common.error.DbException what the proxy answered, or what a real channel would say
  <S, T> T ask(String what, Class<S> service, Function<S, T> call) {
    return limited(what, () -> askAny(what, service, call));
  }

  /// Another call of the same user, with the same patience.
  <T> T limited(String what, Supplier<T> call) {
    return new RequestContext("default", "root", what, Deadline.after(process, TIMEOUT), 0)
        .call(call);
  }

  private <S, T> T askAny(String what, Class<S> service, Function<S, T> call) {
    List<Node> proxies = cluster.alive(Kind.PROXY);
    if (proxies.isEmpty()) {
      throw ErrorCode.SERVICE_UNAVAILABLE.because("no proxy is there");
    }
    Node proxy = proxies.get(process.random().nextInt(proxies.size()));
    return cluster.network().call(process, proxy, what, () -> call.apply(service(proxy, service)));
  }

  private static <S> S service(Node proxy, Class<S> type) {
    Object service = proxy.apis().get(type);
    if (service == null) {
      throw ErrorCode.SERVICE_UNAVAILABLE.because("%s is starting", proxy);
    }
    return type.cast(service);
  }
}
