package io.elanus.rpc.server;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.shaded.io.grpc.netty.ProtocolNegotiationEvent;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelPipeline;
import io.grpc.netty.shaded.io.netty.handler.codec.ByteToMessageDecoder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.List;
import java.util.Optional;

/// Looks at the first bytes of a connection, after TLS where there is TLS, and makes it speak what
/// the client speaks. Then it is gone.
///
/// ```
///   [TLS] -> sniffer -> gRPC's write buffer
///     "PRI "  =>  [TLS] -> gRPC negotiation -> gRPC's write buffer
///     other   =>  [TLS] -> HTTP codec -> ... -> HttpConnection
/// ```
///
/// With TLS, ALPN makes the client choose before it speaks ([TlsContexts]); the bytes still decide,
/// so that a client without ALPN works too. A client that sends nothing is cut by gRPC's handshake
/// timeout. Lives on the connection's event loop.
final class ProtocolSniffer extends ByteToMessageDecoder {
  /// How every HTTP/2 connection begins (RFC 9113, 3.4): `PRI * HTTP/2.0`.
  private static final int HTTP2_PREFACE = 'P' << 24 | 'R' << 16 | 'I' << 8 | ' ';

  private final Optional<SslContext> tls;
  private final GrpcHttp2ConnectionHandler grpc;
  private final HttpPipeline http;
  private ProtocolNegotiationEvent negotiation = InternalProtocolNegotiationEvent.getDefault();

  ProtocolSniffer(Optional<SslContext> tls, GrpcHttp2ConnectionHandler grpc, HttpPipeline http) {
    this.tls = tls;
    this.grpc = grpc;
    this.http = http;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    tls.ifPresent(
        ssl -> context.pipeline().addBefore(context.name(), null, ssl.newHandler(context.alloc())));
  }

  /// gRPC announces a new connection by an event that its own handler must see later. Kept here;
  /// passing it on now would reach handlers that cannot take it.
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    switch (event) {
      case ProtocolNegotiationEvent begun -> negotiation = begun;
      case SslHandshakeCompletionEvent done when !done.isSuccess() ->
          context.fireExceptionCaught(done.cause());
      default -> super.userEventTriggered(context, event);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) {
    if (bytes.readableBytes() < Integer.BYTES) {
      return;
    }
    if (bytes.getInt(bytes.readerIndex()) == HTTP2_PREFACE) {
      becomeGrpc(context);
    } else {
      becomeHttp(context);
    }
  }

  /// Removing this decoder hands the bytes read so far to the next handler.
  private void becomeGrpc(ChannelHandlerContext context) {
    ChannelHandler next = InternalProtocolNegotiators.serverPlaintext().newHandler(grpc);
    context.pipeline().addAfter(context.name(), null, next);
    context.fireUserEventTriggered(withSession(context));
    context.pipeline().remove(this);
  }

  private void becomeHttp(ChannelHandlerContext context) {
    ChannelPipeline pipeline = context.pipeline();
    while (pipeline.last() != this) {
      pipeline.removeLast();
    }
    http.addTo(pipeline);
    pipeline.remove(this);
  }

  /// The event, naming the TLS session so that handlers can ask who the peer is.
  private ProtocolNegotiationEvent withSession(ChannelHandlerContext context) {
    SslHandler ssl = context.pipeline().get(SslHandler.class);
    if (ssl == null) {
      return negotiation;
    }
    Attributes attributes =
        InternalProtocolNegotiationEvent.getAttributes(negotiation).toBuilder()
            .set(Grpc.TRANSPORT_ATTR_SSL_SESSION, ssl.engine().getSession())
            .build();
    return InternalProtocolNegotiationEvent.withAttributes(negotiation, attributes);
  }
}
