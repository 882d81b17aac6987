package io.elanus.rpc.peer;

import io.elanus.common.run.Closer;
import io.elanus.common.run.Run;
import io.elanus.rpc.http.HttpRoutes;
import io.elanus.rpc.server.RpcServer;
import io.elanus.rpc.server.RpcServerConfig;
import io.grpc.ServiceDescriptor;
import io.grpc.util.MutableHandlerRegistry;
import java.time.Duration;
import java.util.Map;

/// What the roles of one process offer to other roles, all of it under one address. Roles of this process
/// are reached in-process; those of others, where there are any, on a port of its own that is never the
/// public one.
///
/// It listens before the first role starts, because a role's member entry names the address. A call to a
/// service that is not there yet fails with `NODE_NOT_MATCH`: the caller looks again who serves it.
public final class PeerServer implements AutoCloseable {
  /// For calls under way; whoever closes has ended the roles before.
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final Run run;
  private final Closer closer;
  private final MutableHandlerRegistry services;
  private final String inProcess;
  private final String address;

  /// For a process that plays all roles: nobody else comes in.
  public static PeerServer inProcess(Run run) {
    Closer closer = new Closer();
    MutableHandlerRegistry services = new MutableHandlerRegistry();
    String name = openInProcess(run, closer, services);
    return new PeerServer(run, closer, services, name, name);
  }

  /// @param advertisedHost name or address by which other processes reach this one
  /// @throws io.elanus.common.error.DbException `SERVICE_UNAVAILABLE` when the port is taken
  public static PeerServer listening(Run run, RpcServerConfig config, String advertisedHost) {
    Closer closer = new Closer();
    MutableHandlerRegistry services = new MutableHandlerRegistry();
    RpcServer port =
        closer.add(
            RpcServer.start(
                run,
                config.withLimits(config.limits().withDrain(DRAIN)),
                services,
                HttpRoutes.none()));
    String name = openInProcess(run, closer, services);
    return new PeerServer(run, closer, services, name, advertisedHost + ":" + port.port());
  }

  private static String openInProcess(Run run, Closer closer, MutableHandlerRegistry services) {
    String name = "process-%016x".formatted(run.random().nextLong());
    return closer.add(InProcessServer.start(run, name, services, DRAIN)).address();
  }

  private PeerServer(
      Run run, Closer closer, MutableHandlerRegistry services, String inProcess, String address) {
    this.run = run;
    this.closer = closer;
    this.services = services;
    this.inProcess = inProcess;
    this.address = address;
  }

  /// What member entries of this process say.
  public String address() {
    return address;
  }

  /// What [Channels] of this process take instead of its own address.
  public Map<String, String> shortcuts() {
    return Map.of(address, inProcess);
  }

  /// @param log hears of every call
  /// @throws IllegalStateException when `implementation` does not serve every RPC of `service`
  public void serve(ServiceDescriptor service, Object implementation, PeerLog log) {
    services.addService(PeerServices.bind(run, service, implementation, log));
  }

  @Override
  public void close() {
    closer.close();
  }
}
