package io.elanus.rpc.server;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// TLS as the one port wants it.
final class TlsContexts {
  /// In the order of our preference. A gRPC client offers `h2` alone; a client that offers both is
  /// an HTTP client (curl, browsers, the JDK's), and our HTTP speaks 1.1 only.
  private static final ApplicationProtocolConfig ALPN =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.NO_ADVERTISE,
          ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
          "http/1.1",
          "h2");

  private TlsContexts() {}

  static Optional<SslContext> server(Optional<TlsConfig> config) {
    return config.map(TlsContexts::server);
  }

  private static SslContext server(TlsConfig config) {
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(config.certificate().toFile(), config.privateKey().toFile());
      GrpcSslContexts.configure(builder)
          .applicationProtocolConfig(ALPN)
          .protocols("TLSv1.3", "TLSv1.2");
      config
          .authority()
          .ifPresent(ca -> builder.trustManager(ca.toFile()).clientAuth(ClientAuth.REQUIRE));
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "cannot use TLS files " + config + ": " + e.getMessage(), e);
    }
  }
}
