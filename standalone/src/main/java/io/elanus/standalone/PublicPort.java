package io.elanus.standalone;

import io.elanus.common.run.Closer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Drainable;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.proto.milvus.ClientTelemetryServiceGrpc;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.proto.milvus.ProxyServiceGrpc;
import io.elanus.proto.tokenizer.TokenizerGrpc;
import io.elanus.proxy.ProxyMetrics;
import io.elanus.proxy.ProxyRole;
import io.elanus.rpc.call.AccessLog;
import io.elanus.rpc.call.PublicApi;
import io.elanus.rpc.http.HttpRoutes;
import io.elanus.rpc.management.Health;
import io.elanus.rpc.server.RpcServer;
import io.elanus.rpc.server.RpcServerConfig;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;

/// The port of Milvus clients and the proxy behind it. `grpc.health.v1` says NOT_SERVING until the process
/// is ready, and again from when it is told to stop.
final class PublicPort implements AutoCloseable, Drainable {
  private static final Duration LOOK = Duration.ofMillis(20);

  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          MilvusServiceGrpc.getServiceDescriptor(),
          ClientTelemetryServiceGrpc.getServiceDescriptor(),
          ProxyServiceGrpc.getServiceDescriptor(),
          TokenizerGrpc.getServiceDescriptor());

  private final Run run;
  private final Closer closer = new Closer();
  private final Health health;
  private final RpcServer server;
  private final Task sign;

  /// @param proxy closed with this
  PublicPort(
      Run run, RpcServerConfig config, ProxyRole proxy, Health health, MeterRegistry meters) {
    this.run = run;
    this.health = health;
    closer.add(proxy);
    try {
      server = RpcServer.start(run, config, services(run, proxy, meters), HttpRoutes.none());
    } catch (RuntimeException | Error e) {
      closer.close();
      throw e;
    }
    closer.add(server);
    server.showServing(false);
    sign = run.fork("show when ready", this::showWhenReady);
  }

  int port() {
    return server.port();
  }

  /// Refuses new calls and lets those under way end. The limit is the server's own.
  @Override
  public List<String> drain(Deadline deadline) {
    sign.cancel();
    server.close();
    return List.of();
  }

  @Override
  public void close() {
    sign.cancel();
    sign.awaitEnd();
    closer.close();
  }

  private void showWhenReady() {
    while (!health.isGood()) {
      run.sleep(LOOK);
    }
    server.showServing(true);
  }

  private static List<ServerServiceDefinition> services(
      Run run, ProxyRole proxy, MeterRegistry meters) {
    PublicApi api = PublicApi.open(run);
    ProxyMetrics metrics = new ProxyMetrics(meters, proxy, api.heap());
    return api.with(AccessLog.all(List.of(AccessLog.toLogger(), metrics)))
        .with(proxy.security())
        .serve(SERVICES, proxy.services());
  }
}
