package io.elanus.rpc.server;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Run;
import io.elanus.rpc.http.HttpRoutes;
import io.grpc.HandlerRegistry;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.util.MutableHandlerRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A listening port that answers gRPC calls and HTTP/1.1 requests. Every call and every request
/// runs on a virtual thread of its own; their number is bounded. `grpc.health.v1` is always there.
public final class RpcServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RpcServer.class);

  private final Server grpc;
  private final HealthStatusManager health;
  private final RpcServerConfig config;
  private final int port;

  /// @throws DbException `SERVICE_UNAVAILABLE` when the port is taken or the host unknown
  public static RpcServer start(
      Run run, RpcServerConfig config, List<ServerServiceDefinition> services, HttpRoutes http) {
    MutableHandlerRegistry registry = new MutableHandlerRegistry();
    services.forEach(registry::addService);
    return start(run, config, registry, http);
  }

  /// As above, with services that may come and go while it listens.
  public static RpcServer start(
      Run run, RpcServerConfig config, HandlerRegistry services, HttpRoutes http) {
    HealthStatusManager health = new HealthStatusManager();
    CallPermits permits = new CallPermits(config.limits().calls());
    OnePortNegotiator negotiator =
        new OnePortNegotiator(
            TlsContexts.server(config.tls()),
            new HttpPipeline(run, http, permits, config.limits()));
    NettyServerBuilder builder = limited(config, negotiator);
    builder.executor(call -> run.fork("rpc", call)).intercept(permits);
    builder.addService(health.getHealthService()).fallbackHandlerRegistry(services);
    try {
      return new RpcServer(builder.build().start(), health, config);
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "cannot listen on %s:%d: %s".formatted(config.host(), config.port(), e.getMessage()),
          e);
    }
  }

  private static NettyServerBuilder limited(RpcServerConfig config, OnePortNegotiator negotiator) {
    RpcLimits limits = config.limits();
    KeepAlive keepAlive = config.keepAlive();
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(config.host(), config.port()),
            InternalNettyServerCredentials.create(negotiator))
        .maxInboundMessageSize(limits.messageBytes())
        .maxInboundMetadataSize(limits.metadataSoftBytes(), limits.metadataHardBytes())
        .maxConcurrentCallsPerConnection(limits.callsPerConnection())
        .maxRstFramesPerWindow(limits.resetsPerMinute(), 60)
        .permitKeepAliveTime(keepAlive.permitted().toNanos(), TimeUnit.NANOSECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(keepAlive.interval().toNanos(), TimeUnit.NANOSECONDS)
        .keepAliveTimeout(keepAlive.timeout().toNanos(), TimeUnit.NANOSECONDS)
        .handshakeTimeout(limits.handshake().toNanos(), TimeUnit.NANOSECONDS);
  }

  private RpcServer(Server grpc, HealthStatusManager health, RpcServerConfig config) {
    this.grpc = grpc;
    this.health = health;
    this.config = config;
    this.port = grpc.getPort();
    log.info("rpc server listens host={} port={}", config.host(), port);
  }

  public int port() {
    return port;
  }

  /// What `grpc.health.v1` answers; serving at first.
  public void showServing(boolean serving) {
    health.setStatus(
        HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
        serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  /// Stops listening, tells health checks so, lets calls under way end within the drain limit, then
  /// cuts the rest.
  @Override
  public void close() {
    if (grpc.isShutdown()) {
      return;
    }
    health.enterTerminalState();
    grpc.shutdown();
    try {
      if (!grpc.awaitTermination(config.limits().drain().toMillis(), TimeUnit.MILLISECONDS)) {
        log.info("rpc server cuts what outlived the drain limit port={}", port);
        grpc.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      grpc.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
