package io.elanus.rpc.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.run.SystemRun;
import io.elanus.rpc.http.HttpRoutes;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a client may not do, and what it may although gRPC's defaults forbid it.
class RpcServerLimitsTest {
  private static final int MIB = 1 << 20;

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    release.countDown();
  }

  @Test
  void a_large_message_passes_and_one_above_the_limit_is_refused_without_harm() {
    try (RpcServer server = start(RpcLimits.DEFAULT.withMessageBytes(65 * MIB), Echo.service());
        Client client = new Client(server)) {
      assertThat(Echo.call(client.channel, new byte[64 * MIB])).hasSize(64 * MIB);

      assertThatThrownBy(() -> Echo.call(client.channel, new byte[66 * MIB]))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
      assertThat(Echo.call(client.channel, new byte[10])).hasSize(10);
    }
  }

  @Test
  void metadata_above_the_limit_is_refused() {
    try (RpcServer server = start(RpcLimits.DEFAULT, Echo.service());
        Client client = new Client(server)) {
      Metadata bomb = new Metadata();
      bomb.put(Metadata.Key.of("x", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(40_000));
      var laden =
          ClientInterceptors.intercept(
              client.channel, MetadataUtils.newAttachHeadersInterceptor(bomb));

      assertThatThrownBy(() -> Echo.call(laden, new byte[1]))
          .isInstanceOf(StatusRuntimeException.class);
    }
  }

  @Test
  void a_call_beyond_the_limit_is_refused_and_the_permit_comes_back() throws Exception {
    try (RpcServer server = start(RpcLimits.DEFAULT.withCalls(1), stuck());
        Client client = new Client(server)) {
      var first = client.async();
      entered.await();

      assertThatThrownBy(() -> Echo.call(client.channel, new byte[1]))
          .hasMessage("RESOURCE_EXHAUSTED: too many concurrent requests, queue is full");

      release.countDown();
      assertThat(first.get(5, TimeUnit.SECONDS)).hasSize(1);
      assertThat(Echo.call(client.channel, new byte[2])).hasSize(2);
    }
  }

  @Test
  void closing_lets_a_call_under_way_end() throws Exception {
    try (RpcServer server = start(RpcLimits.DEFAULT, stuck());
        Client client = new Client(server)) {
      var call = client.async();
      entered.await();

      Thread closing = Thread.ofVirtual().start(server::close);
      assertThat(closing.join(Duration.ofMillis(200))).isFalse();
      release.countDown();

      assertThat(call.get(5, TimeUnit.SECONDS)).hasSize(1);
      assertThat(closing.join(Duration.ofSeconds(5))).isTrue();
    }
  }

  @Test
  void closing_cuts_a_call_that_outlives_the_drain_limit() throws Exception {
    RpcLimits hasty =
        RpcLimits.DEFAULT.withTimes(
            Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMillis(200));
    try (RpcServer server = start(hasty, stuck());
        Client client = new Client(server)) {
      var call = client.async();
      entered.await();

      Thread closing = Thread.ofVirtual().start(server::close);

      assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS)).hasMessageContaining("CANCELLED");
      release.countDown();
      assertThat(closing.join(Duration.ofSeconds(5))).isTrue();
    }
  }

  @Test
  void the_standard_health_service_answers() {
    try (RpcServer server = start(RpcLimits.DEFAULT, Echo.service());
        Client client = new Client(server)) {
      var answer =
          HealthGrpc.newBlockingStub(client.channel).check(HealthCheckRequest.getDefaultInstance());

      assertThat(answer.getStatus()).isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void pings_without_calls_are_permitted_every_5_seconds() {
    KeepAlive keepAlive = RpcServerConfig.plain("127.0.0.1", 0).keepAlive();

    assertThat(keepAlive.permitted()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void permitted_pings_are_answered_and_faster_ones_end_the_connection() throws Exception {
    try (RpcServer server = startPermitting(Duration.ofMillis(100))) {
      assertThat(pings(server, 8, Duration.ofMillis(110))).isEqualTo("8 answered");
      assertThat(pings(server, 8, Duration.ofMillis(1))).endsWith("GOAWAY");
    }
  }

  private static RpcServer start(RpcLimits limits, ServerServiceDefinition service) {
    RpcServerConfig config = RpcServerConfig.plain("127.0.0.1", 0).withLimits(limits);
    return RpcServer.start(new SystemRun(), config, List.of(service), HttpRoutes.none());
  }

  private static RpcServer startPermitting(Duration interval) {
    RpcServerConfig plain = RpcServerConfig.plain("127.0.0.1", 0);
    KeepAlive keepAlive = new KeepAlive(interval, Duration.ofSeconds(60), Duration.ofSeconds(15));
    RpcServerConfig config =
        new RpcServerConfig(plain.host(), 0, plain.tls(), plain.limits(), keepAlive);
    return RpcServer.start(new SystemRun(), config, List.of(), HttpRoutes.none());
  }

  /// An echo that waits for [#release].
  private ServerServiceDefinition stuck() {
    return ServerServiceDefinition.builder("elanus.test.Echo")
        .addMethod(
            Echo.ECHO,
            ServerCalls.asyncUnaryCall((request, observer) -> {
              entered.countDown();
              awaitRelease();
              observer.onNext(request);
              observer.onCompleted();
            }))
        .build();
  }

  private void awaitRelease() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Client implements AutoCloseable {
    final ManagedChannel channel;

    Client(RpcServer server) {
      channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.port())
              .usePlaintext()
              .maxInboundMessageSize(Integer.MAX_VALUE)
              .build();
    }

    com.google.common.util.concurrent.ListenableFuture<byte[]> async() {
      return ClientCalls.futureUnaryCall(
          channel.newCall(Echo.ECHO, io.grpc.CallOptions.DEFAULT), new byte[1]);
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }

  /// Speaks just enough HTTP/2 to ping an otherwise idle connection: grpc-java's own client never
  /// pings more often than every 10 s.
  private static String pings(RpcServer server, int count, Duration interval) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
      socket.getOutputStream().write(frame(4, 0));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      for (int i = 0; i < count; i++) {
        Thread.sleep(interval);
        socket.getOutputStream().write(frame(6, 8));
        if (awaitFrame(in, 6, 7) == 7) {
          return i + " answered, then GOAWAY";
        }
      }
      return count + " answered";
    }
  }

  /// length (3 bytes), type, flags, stream (4 bytes), payload of zeros (RFC 9113, 4.1).
  private static byte[] frame(int type, int length) {
    byte[] frame = new byte[9 + length];
    frame[2] = (byte) length;
    frame[3] = (byte) type;
    return frame;
  }

  /// Skips frames of other types.
  private static int awaitFrame(DataInputStream in, int oneType, int otherType) throws IOException {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.skipNBytes(1 + Integer.BYTES + length);
      if (type == oneType || type == otherType) {
        return type;
      }
    }
  }
}
