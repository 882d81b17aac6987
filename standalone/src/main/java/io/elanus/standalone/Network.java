package io.elanus.standalone;

import io.elanus.rpc.server.RpcLimits;
import io.elanus.rpc.server.RpcServerConfig;
import io.elanus.rpc.server.TlsConfig;
import java.util.Optional;

/// Where a process listens.
///
/// @param host address all ports are bound to
/// @param management port of health and metrics; 0 for any free one, as the others
/// @param internal port of the services between roles; empty when no other process may come in
/// @param internalTls for both ends of calls between roles
record Network(
    String host,
    int management,
    RpcServerConfig clients,
    Optional<Internal> internal,
    Optional<TlsConfig> internalTls) {
  /// @param advertisedHost by which other processes reach this one
  record Internal(RpcServerConfig listening, String advertisedHost) {}

  /// Limits of a port: those of the public one, but for the size of a message.
  static RpcLimits limits(long messageBytes) {
    return RpcLimits.DEFAULT.withMessageBytes((int) messageBytes);
  }
}
