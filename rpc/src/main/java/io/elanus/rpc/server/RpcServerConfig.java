package io.elanus.rpc.server;

import java.util.Optional;

/// Where a server listens and what it puts up with.
///
/// @param host name or address of the interface; `0.0.0.0` for all
/// @param port 0 takes any free one, see [RpcServer#port]
public record RpcServerConfig(
    String host, int port, Optional<TlsConfig> tls, RpcLimits limits, KeepAlive keepAlive) {
  public RpcServerConfig {
    Bounds.between("port", port, 0, 65_535);
  }

  /// Without TLS, with default limits.
  public static RpcServerConfig plain(String host, int port) {
    return new RpcServerConfig(host, port, Optional.empty(), RpcLimits.DEFAULT, KeepAlive.DEFAULT);
  }

  public RpcServerConfig withTls(TlsConfig newTls) {
    return new RpcServerConfig(host, port, Optional.of(newTls), limits, keepAlive);
  }

  public RpcServerConfig withLimits(RpcLimits newLimits) {
    return new RpcServerConfig(host, port, tls, newLimits, keepAlive);
  }
}
