package io.elanus.adapters.etcd;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Opens channels to members. A channel never repeats a call by itself: only the caller knows what
/// bears that.
final class EtcdChannels {
  /// A member that stands still is noticed so soon by calls that wait for nothing in particular;
  /// gRPC allows no shorter time, and etcd refuses pings every 5 s.
  private static final int PING_SECONDS = 10;

  private static final int PING_ANSWER_SECONDS = 2;

  /// Of a range, or of the changes a watcher is behind.
  private static final int MAX_ANSWER_BYTES = 256 << 20;

  private final ChannelCredentials credentials;

  /// @throws DbException `INVALID_PARAMETER` when certificates cannot be used
  EtcdChannels(EtcdConfig.Tls tls) {
    this.credentials =
        switch (tls) {
          case EtcdConfig.Tls.Off _ -> InsecureChannelCredentials.create();
          case EtcdConfig.Tls.On on -> tls(on);
        };
  }

  ManagedChannel open(EtcdConfig.Endpoint endpoint) {
    return Grpc.newChannelBuilderForAddress(endpoint.host(), endpoint.port(), credentials)
        .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(PING_ANSWER_SECONDS, TimeUnit.SECONDS)
        .maxInboundMessageSize(MAX_ANSWER_BYTES)
        .disableRetry()
        .build();
  }

  private static ChannelCredentials tls(EtcdConfig.Tls.On tls) {
    TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
    try {
      Optional<Path> authorities = tls.authorities();
      if (authorities.isPresent()) {
        builder.trustManager(authorities.get().toFile());
      }
      Optional<EtcdConfig.ClientKey> client = tls.client();
      if (client.isPresent()) {
        builder.keyManager(client.get().certificate().toFile(), client.get().key().toFile());
      }
      return builder.build();
    } catch (IOException | IllegalArgumentException e) {
      throw new DbException(
          ErrorCode.INVALID_PARAMETER,
          "certificates for etcd cannot be used: " + e.getMessage(),
          e);
    }
  }
}
