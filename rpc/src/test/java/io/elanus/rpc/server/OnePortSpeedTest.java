package io.elanus.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.run.SystemRun;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the sniffing costs: unary echo calls with and without it in one run, and HTTP/1.1 requests
/// over the same port. `-Delanus.speed.seconds=5` measures; without it a moment of each is enough
/// to see that it works (docs/results/spike-one-port.md).
class OnePortSpeedTest {
  private static final double SECONDS =
      Double.parseDouble(System.getProperty("elanus.speed.seconds", "0.1"));
  private static final int IN_FLIGHT = 64;

  private final SystemRun run = new SystemRun();
  private RpcServer onePort;
  private Server bare;

  @BeforeEach
  void start() throws IOException {
    onePort =
        RpcServer.start(
            run, RpcServerConfig.plain("127.0.0.1", 0), List.of(Echo.service()), Echo.routes());
    bare =
        NettyServerBuilder.forPort(0)
            .executor(call -> run.fork("rpc", call))
            .addService(Echo.service())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    onePort.close();
    bare.shutdownNow();
  }

  @Test
  void sniffing_costs_calls_nothing() throws Exception {
    System.out.printf(
        Locale.ROOT, "%-28s %12s %12s%n", "4 KiB echo, calls/s", "1 in flight", "64 in flight");
    for (int round = 1; round <= 3; round++) {
      report("without sniffing, round " + round, bare.getPort());
      report("with sniffing, round " + round, onePort.port());
    }
    double http = httpRate();
    System.out.printf(Locale.ROOT, "%-28s %12.0f%n", "HTTP/1.1 4 KiB, requests/s", http);
    assertThat(http).isPositive();
  }

  private void report(String name, int port) throws InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().directExecutor().build();
    double alone = callRate(channel, 1);
    double together = callRate(channel, IN_FLIGHT);
    channel.shutdownNow();
    System.out.printf(Locale.ROOT, "%-28s %12.0f %12.0f%n", name, alone, together);
    assertThat(together).isPositive();
  }

  private static double callRate(ManagedChannel channel, int inFlight) throws InterruptedException {
    byte[] request = Echo.bytes(4096);
    Semaphore window = new Semaphore(inFlight);
    LongAdder done = new LongAdder();
    long start = System.nanoTime();
    while (System.nanoTime() - start < SECONDS * 1e9) {
      window.acquire();
      ClientCalls.asyncUnaryCall(
          channel.newCall(Echo.ECHO, io.grpc.CallOptions.DEFAULT), request, counting(done, window));
    }
    window.acquire(inFlight);
    return done.sum() * 1e9 / (System.nanoTime() - start);
  }

  private static StreamObserver<byte[]> counting(LongAdder done, Semaphore window) {
    return new StreamObserver<>() {
      @Override
      public void onNext(byte[] response) {
        done.increment();
      }

      @Override
      public void onError(Throwable error) {
        window.release();
      }

      @Override
      public void onCompleted() {
        window.release();
      }
    };
  }

  private double httpRate() throws Exception {
    URI uri = URI.create("http://127.0.0.1:%d/echo".formatted(onePort.port()));
    var post =
        java.net.http.HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(10))
            .POST(BodyPublishers.ofByteArray(Echo.bytes(4096)))
            .build();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      long start = System.nanoTime();
      int requests = 0;
      while (System.nanoTime() - start < SECONDS * 1e9) {
        assertThat(client.send(post, BodyHandlers.ofByteArray()).body()).hasSize(4096);
        requests++;
      }
      return requests * 1e9 / (System.nanoTime() - start);
    }
  }
}
