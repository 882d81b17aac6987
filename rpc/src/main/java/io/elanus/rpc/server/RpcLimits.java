package io.elanus.rpc.server;

import java.time.Duration;

/// How much a client may ask of a server at once. The defaults suit the public port.
///
/// @param messageBytes largest request, gRPC or HTTP
/// @param metadataSoftBytes above it requests start to be refused, more likely the larger they are
/// @param metadataHardBytes above it every request is refused
/// @param callsPerConnection concurrent streams of one connection
/// @param calls concurrent calls of all connections, gRPC and HTTP together
/// @param resetsPerMinute streams one connection may reset (rapid reset, CVE-2023-44487)
/// @param handshake from accepted to the first HTTP/2 frame or HTTP line, TLS included
/// @param idleHttp how long an HTTP/1.1 connection may be silent
/// @param drain how long a closing server waits for calls under way
public record RpcLimits(
    int messageBytes,
    int metadataSoftBytes,
    int metadataHardBytes,
    int callsPerConnection,
    int calls,
    int resetsPerMinute,
    Duration handshake,
    Duration idleHttp,
    Duration drain) {
  private static final int MIB = 1 << 20;
  private static final int KIB = 1 << 10;

  public static final RpcLimits DEFAULT =
      new RpcLimits(
          256 * MIB,
          16 * KIB,
          32 * KIB,
          1024,
          8192,
          400,
          Duration.ofSeconds(10),
          Duration.ofSeconds(120),
          Duration.ofSeconds(30));

  public RpcLimits {
    Bounds.between("messageBytes", messageBytes, 1, 1 << 30);
    Bounds.between("metadataSoftBytes", metadataSoftBytes, KIB, MIB);
    Bounds.between("metadataHardBytes", metadataHardBytes, metadataSoftBytes, MIB);
    Bounds.between("callsPerConnection", callsPerConnection, 1, 1 << 20);
    Bounds.between("calls", calls, 1, 1 << 20);
    Bounds.between("resetsPerMinute", resetsPerMinute, 1, 1 << 20);
    Bounds.between("handshake", handshake, Duration.ofMillis(100), Duration.ofMinutes(2));
    Bounds.between("idleHttp", idleHttp, Duration.ofMillis(100), Duration.ofHours(1));
    Bounds.between("drain", drain, Duration.ZERO, Duration.ofHours(1));
  }

  public RpcLimits withMessageBytes(int bytes) {
    return new RpcLimits(
        bytes,
        metadataSoftBytes,
        metadataHardBytes,
        callsPerConnection,
        calls,
        resetsPerMinute,
        handshake,
        idleHttp,
        drain);
  }

  public RpcLimits withCalls(int concurrent) {
    return new RpcLimits(
        messageBytes,
        metadataSoftBytes,
        metadataHardBytes,
        callsPerConnection,
        concurrent,
        resetsPerMinute,
        handshake,
        idleHttp,
        drain);
  }

  public RpcLimits withTimes(Duration newHandshake, Duration newIdleHttp, Duration newDrain) {
    return new RpcLimits(
        messageBytes,
        metadataSoftBytes,
        metadataHardBytes,
        callsPerConnection,
        calls,
        resetsPerMinute,
        newHandshake,
        newIdleHttp,
        newDrain);
  }

  public RpcLimits withDrain(Duration newDrain) {
    return withTimes(handshake, idleHttp, newDrain);
  }
}
