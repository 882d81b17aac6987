package io.elanus.rpc.peer;

import io.elanus.common.run.Run;
import io.elanus.rpc.server.TlsConfig;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.TlsChannelCredentials;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The ways to the other roles: one channel per address, opened when first asked for, shared by all
/// callers, closed with this. An address is `host:port`, or `inprocess:name` of an
/// [InProcessServer]; the caller of the channel cannot tell which it was.
public final class Channels implements AutoCloseable {
  static final String IN_PROCESS = "inprocess:";

  /// Larger than any message a server takes, so that the server's limit is the one that counts.
  private static final int MAX_MESSAGE_BYTES = 1 << 30;

  /// Room for the longest error text, see `ErrorTrailers`.
  private static final int MAX_METADATA_BYTES = 1 << 16;

  private record Way(ManagedChannel transport, Channel channel) {}

  private final Run run;
  private final ChannelCredentials credentials;
  private final Map<String, String> shortcuts;
  private final Map<String, Way> ways = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /// @param tls empty: plain text. Otherwise the certificate is shown to the other side, and the
  ///     authority has to have signed the other side's
  public Channels(Run run, Optional<TlsConfig> tls) {
    this(run, tls, Map.of());
  }

  /// @param shortcuts from the address that others use to the one that is taken here: what a process
  ///     serves to others, it reaches itself in-process
  public Channels(Run run, Optional<TlsConfig> tls, Map<String, String> shortcuts) {
    this.run = run;
    this.shortcuts = Map.copyOf(shortcuts);
    this.credentials = tls.map(Channels::credentials).orElseGet(InsecureChannelCredentials::create);
  }

  private static ChannelCredentials credentials(TlsConfig tls) {
    try {
      TlsChannelCredentials.Builder builder =
          TlsChannelCredentials.newBuilder()
              .keyManager(tls.certificate().toFile(), tls.privateKey().toFile());
      if (tls.authority().isPresent()) {
        builder.trustManager(tls.authority().get().toFile());
      }
      return builder.build();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read TLS files " + tls, e);
    }
  }

  /// Never fails because nobody is there: the calls do.
  ///
  /// @throws IllegalArgumentException when `address` is none
  public Channel to(String address) {
    if (closed) {
      throw new IllegalStateException("channels are closed");
    }
    return ways.computeIfAbsent(address, this::open).channel();
  }

  private Way open(String address) {
    String taken = shortcuts.getOrDefault(address, address);
    ManagedChannel channel =
        taken.startsWith(IN_PROCESS)
            ? InProcessChannelBuilder.forName(taken.substring(IN_PROCESS.length())).build()
            : remote(taken).build();
    return new Way(channel, new ReconnectingChannel(run, address, channel));
  }

  private ManagedChannelBuilder<?> remote(String address) {
    int colon = address.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("address '%s' is not host:port".formatted(address));
    }
    String host = address.substring(0, colon);
    int port = Integer.parseInt(address.substring(colon + 1));
    return Grpc.newChannelBuilderForAddress(host, port, credentials)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .maxInboundMetadataSize(MAX_METADATA_BYTES)
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .keepAliveWithoutCalls(true)
        .disableServiceConfigLookUp();
  }

  /// Closes the channel to a node that is gone. Calls under way end first.
  public void forget(String address) {
    Way way = ways.remove(address);
    if (way != null) {
      way.transport().shutdown();
    }
  }

  /// Cuts calls under way.
  @Override
  public void close() {
    closed = true;
    ways.values().forEach(way -> way.transport().shutdownNow());
    ways.clear();
  }
}
