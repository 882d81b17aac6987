package io.elanus.rpc.peer;

import io.elanus.common.run.Run;
import io.elanus.rpc.binding.ServiceBinding;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.time.Duration;
import java.util.List;

/// Services that roles offer each other, for [io.elanus.rpc.server.RpcServer] on an internal port
/// or for [InProcessServer]. Never on the public port.
public final class PeerServices {
  /// For a caller that does not say how long it waits; ours always do.
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(1);

  private PeerServices() {}

  /// @throws IllegalStateException when `implementation` does not serve every RPC of `service`
  public static ServerServiceDefinition bind(
      Run run, ServiceDescriptor service, Object implementation) {
    return bind(run, service, implementation, PeerLog.NONE);
  }

  /// @param log hears of every call
  /// @throws IllegalStateException when `implementation` does not serve every RPC of `service`
  public static ServerServiceDefinition bind(
      Run run, ServiceDescriptor service, Object implementation, PeerLog log) {
    PeerEdge edge = new PeerEdge(run, DEFAULT_TIMEOUT, log);
    return ServiceBinding.bind(service, List.of(implementation), edge);
  }
}
