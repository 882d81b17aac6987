package io.elanus.rpc.server;

import java.time.Duration;

/// Pings on gRPC connections.
///
/// @param permitted the shortest interval clients may ping at, with or without calls under way.
///     The Go SDK asks for 5 s; a server that permits less answers with GOAWAY and clients fail
/// @param interval how long a connection may be silent before the server pings it
/// @param timeout how long the server waits for the answer before it gives the connection up
public record KeepAlive(Duration permitted, Duration interval, Duration timeout) {
  public static final KeepAlive DEFAULT =
      new KeepAlive(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(15));

  public KeepAlive {
    Bounds.between("permitted", permitted, Duration.ZERO, Duration.ofSeconds(5));
    Bounds.between("interval", interval, Duration.ofSeconds(1), Duration.ofHours(2));
    Bounds.between("timeout", timeout, Duration.ofSeconds(1), Duration.ofMinutes(1));
  }
}
