package io.elanus.rpc.peer;

import io.elanus.common.run.Run;
import io.grpc.HandlerRegistry;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.util.MutableHandlerRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Serves roles to others of the same process, under a name that is unique in the JVM. Messages are
/// handed over as they are, not copied.
public final class InProcessServer implements AutoCloseable {
  private final String name;
  private final Server server;
  private final Duration drain;

  /// @param drain how long closing waits for calls under way
  public static InProcessServer start(
      Run run, String name, List<ServerServiceDefinition> services, Duration drain) {
    MutableHandlerRegistry registry = new MutableHandlerRegistry();
    services.forEach(registry::addService);
    return start(run, name, registry, drain);
  }

  /// As above, with services that may come and go while it serves.
  public static InProcessServer start(
      Run run, String name, HandlerRegistry services, Duration drain) {
    Server server =
        InProcessServerBuilder.forName(name)
            .executor(call -> run.fork("rpc", call))
            .fallbackHandlerRegistry(services)
            .build();
    try {
      return new InProcessServer(name, server.start(), drain);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot serve in-process name " + name, e);
    }
  }

  private InProcessServer(String name, Server server, Duration drain) {
    this.name = name;
    this.server = server;
    this.drain = drain;
  }

  /// What [Channels#to] takes.
  public String address() {
    return Channels.IN_PROCESS + name;
  }

  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(drain.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
