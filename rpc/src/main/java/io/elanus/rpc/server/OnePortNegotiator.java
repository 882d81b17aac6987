package io.elanus.rpc.server;

import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import java.util.Optional;

/// Where gRPC lets us into a new connection: the handler made here decides what the connection
/// speaks. An internal interface of grpc-java, so its version is pinned (docs/decisions/0003).
final class OnePortNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
  private final Optional<SslContext> tls;
  private final HttpPipeline http;

  OnePortNegotiator(Optional<SslContext> tls, HttpPipeline http) {
    this.tls = tls;
    this.http = http;
  }

  @Override
  public AsciiString scheme() {
    return AsciiString.of(tls.isPresent() ? "https" : "http");
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
    return new ProtocolSniffer(tls, grpc, http);
  }

  @Override
  public void close() {}
}
