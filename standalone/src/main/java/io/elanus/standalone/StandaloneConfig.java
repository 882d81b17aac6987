package io.elanus.standalone;

import java.nio.file.Path;
import java.util.Optional;

/// What a standalone process is told.
///
/// @param data folder of everything that is kept; made when it is missing
/// @param host address both ports are bound to
/// @param port of gRPC and REST; 0 for any free one
/// @param managementPort of metrics and health; 0 for any free one
/// @param flushBytes a shard's tail is flushed when it holds this much
record StandaloneConfig(
    Path data, String host, int port, int managementPort, Optional<Tls> tls, long flushBytes) {
  static final int DEFAULT_PORT = 19530;
  static final int DEFAULT_MANAGEMENT_PORT = 9091;

  /// Large enough that a million 128-dimensional vectors are one segment, small enough for a laptop.
  static final long DEFAULT_FLUSH_BYTES = 512L << 20;

  StandaloneConfig {
    requirePort("port", port);
    requirePort("management port", managementPort);
    if (flushBytes < 1 << 20) {
      throw new IllegalArgumentException("flush bytes %d below 1 MiB".formatted(flushBytes));
    }
  }

  /// @param clientCa when set, clients have to show a certificate it signed
  record Tls(Path certificate, Path key, Optional<Path> clientCa) {}

  private static void requirePort(String what, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("%s %d is not in 0..65535".formatted(what, port));
    }
  }
}
