package io.elanus.rpc.peer;

import io.elanus.common.metrics.Latency;
import io.elanus.rpc.binding.RpcMethod;
import io.grpc.ServiceDescriptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// What other roles ask of one role, and how it answers.
public final class PeerMetrics implements PeerLog {
  private final MeterRegistry meters;
  private final String role;
  private final Map<String, Timer> answered = new HashMap<>();
  private final Map<Failure, Counter> failed = new ConcurrentHashMap<>();

  private record Failure(String method, int code) {}

  /// @param service what `role` serves: the methods there are
  public PeerMetrics(MeterRegistry meters, String role, ServiceDescriptor service) {
    this.meters = meters;
    this.role = role;
    RpcMethod.of(service).forEach(method -> answered.put(method.name(), answered(method.name())));
  }

  @Override
  public void ended(RpcMethod method, int code, long nanos) {
    Timer timer = answered.get(method.name());
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
    if (code != 0) {
      failed.computeIfAbsent(new Failure(method.name(), code), this::failed).increment();
    }
  }

  private Timer answered(String method) {
    return Latency.timer(
        meters,
        "elanus_rpc_request",
        "Calls between roles, failed ones included, as their server sees them",
        "role",
        role,
        "method",
        method);
  }

  private Counter failed(Failure failure) {
    return Counter.builder("elanus_rpc_failures_total")
        .description("Calls between roles that failed, by the code of the error")
        .tag("role", role)
        .tag("method", failure.method())
        .tag("code", Integer.toString(failure.code()))
        .register(meters);
  }
}
