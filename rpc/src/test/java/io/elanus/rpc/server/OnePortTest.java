package io.elanus.rpc.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.run.SystemRun;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// gRPC and HTTP/1.1 on one socket, without TLS.
class OnePortTest {
  private final RpcServer server = start(RpcLimits.DEFAULT);

  private static RpcServer start(RpcLimits limits) {
    RpcServerConfig config = RpcServerConfig.plain("127.0.0.1", 0).withLimits(limits);
    return RpcServer.start(new SystemRun(), config, List.of(Echo.service()), Echo.routes());
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void a_grpc_call_and_an_http_request_meet_on_one_port() throws Exception {
    assertThat(grpcEcho(server.port(), Echo.bytes(100))).isEqualTo(Echo.bytes(100));
    assertThat(post(server.port(), "/echo", "hello").body()).isEqualTo("hello");
  }

  @Test
  void a_client_that_asks_to_upgrade_to_http_2_is_answered_in_http_1() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var response = client.send(request(server.port(), "/echo", "hi"), BodyHandlers.ofString());

      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(response.body()).isEqualTo("hi");
    }
  }

  @Test
  void an_unknown_path_answers_404_in_the_rest_envelope() throws Exception {
    HttpResponse<String> response = post(server.port(), "/v9/what\"ever", "");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/json");
    assertThat(response.body())
        .isEqualTo("{\"code\":404,\"message\":\"no such path: /v9/what\\\"ever\"}");
  }

  @Test
  void a_route_that_fails_tells_the_client_nothing_of_the_server() throws Exception {
    HttpResponse<String> response = post(server.port(), "/broken", "");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("{\"code\":65535,\"message\":\"unexpected error\"}");
  }

  @Test
  void a_request_runs_on_a_virtual_thread() throws Exception {
    assertThat(post(server.port(), "/thread", "").body()).startsWith("VirtualThread");
  }

  @Test
  void headers_and_body_may_arrive_apart_and_requests_pipelined() throws Exception {
    try (Socket socket = connect(server.port())) {
      send(socket, "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-le");
      Thread.sleep(20);
      send(socket, "ngth: 5\r\n\r\n");
      Thread.sleep(20);
      send(socket, "firstPOST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\n\r\nsecond");
      send(socket, "POST /echo HTTP/1.1\r\nconnection: close\r\ncontent-length: 5\r\n\r\nthird");

      String answers = readAll(socket);

      assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(4);
      assertThat(answers).containsSubsequence("first", "second", "third");
    }
  }

  @Test
  void a_request_that_is_not_http_is_refused_with_400() throws Exception {
    for (String nonsense : List.of("GET /%zz HTTP/1.1\r\n\r\n", "what is this\r\n\r\n")) {
      try (Socket socket = connect(server.port())) {
        send(socket, nonsense);

        assertThat(readAll(socket)).startsWith("HTTP/1.1 400 Bad Request");
      }
    }
  }

  @Test
  void a_body_above_the_limit_is_refused_with_413() throws Exception {
    try (RpcServer small = start(RpcLimits.DEFAULT.withMessageBytes(1000))) {
      assertThat(post(small.port(), "/echo", "x".repeat(1000)).statusCode()).isEqualTo(200);
      assertThat(post(small.port(), "/echo", "x".repeat(1001)).statusCode()).isEqualTo(413);
    }
  }

  @Test
  void an_http_connection_outlives_the_handshake_timeout_of_grpc() throws Exception {
    Duration handshake = Duration.ofMillis(300);
    try (RpcServer hasty = start(timed(handshake, Duration.ofSeconds(60)));
        Socket socket = connect(hasty.port())) {
      for (int i = 0; i < 3; i++) {
        send(socket, "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi");
        assertThat(readUntil(socket, "hi")).startsWith("HTTP/1.1 200 OK");
        Thread.sleep(handshake);
      }
    }
  }

  @Test
  void a_connection_that_says_nothing_is_cut() throws Exception {
    try (RpcServer hasty = start(timed(Duration.ofMillis(300), Duration.ofSeconds(60)));
        Socket silent = connect(hasty.port());
        Socket halfway = connect(hasty.port())) {
      send(halfway, "PR");

      assertThat(readAll(silent)).isEmpty();
      assertThat(readAll(halfway)).isEmpty();
    }
  }

  @Test
  void an_idle_http_connection_is_closed() throws Exception {
    try (RpcServer hasty = start(timed(Duration.ofSeconds(10), Duration.ofMillis(300)));
        Socket socket = connect(hasty.port())) {
      send(socket, "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi");

      assertThat(readAll(socket)).endsWith("hi");
    }
  }

  private static RpcLimits timed(Duration handshake, Duration idleHttp) {
    return RpcLimits.DEFAULT.withTimes(handshake, idleHttp, Duration.ofSeconds(5));
  }

  private static byte[] grpcEcho(int port, byte[] request) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      return Echo.call(channel, request);
    } finally {
      channel.shutdownNow();
    }
  }

  private static HttpResponse<String> post(int port, String path, String body) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request(port, path, body), BodyHandlers.ofString());
    }
  }

  private static HttpRequest request(int port, String path, String body) throws Exception {
    URI uri = new URI("http", null, "127.0.0.1", port, path, null, null);
    return HttpRequest.newBuilder(uri)
        .timeout(Duration.ofSeconds(10))
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(5000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }

  private static String readAll(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), UTF_8);
  }

  private static String readUntil(Socket socket, String end) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith(end)) {
      int read = in.read();
      assertThat(read).as("connection closed after " + text).isNotNegative();
      text.append((char) read);
    }
    return text.toString();
  }
}
