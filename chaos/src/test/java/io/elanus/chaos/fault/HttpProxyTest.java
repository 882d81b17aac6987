package io.elanus.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.elanus.chaos.fault.HttpProxy.Storm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpProxyTest {
  private final AtomicInteger served = new AtomicInteger();
  private final HttpServer server;
  private final HttpProxy proxy;
  private final HttpClient client = HttpClient.newHttpClient();

  HttpProxyTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext("/", this::echo);
    server.start();
    URI target = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    proxy = new HttpProxy(() -> target, 1);
  }

  private void echo(HttpExchange exchange) throws IOException {
    served.incrementAndGet();
    byte[] body = exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("x-seen", exchange.getRequestHeaders().getFirst("x-sent"));
    exchange.getResponseHeaders().set("x-path", exchange.getRequestURI().toString());
    exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @AfterEach
  void close() {
    client.close();
    proxy.close();
    server.stop(0);
  }

  @Test
  void requestsPassWithHeadersAndBodies() throws Exception {
    HttpResponse<String> response = put("/bucket/a%20key?uploads=1", "content");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("content");
    assertThat(response.headers().firstValue("x-seen")).contains("yes");
    assertThat(response.headers().firstValue("x-path")).contains("/bucket/a%20key?uploads=1");
    assertThat(put("/missing", "").statusCode()).isEqualTo(404);
  }

  @Test
  void aStormRefusesWhatNeverArrives() throws Exception {
    proxy.storm(new Storm(1, Duration.ZERO, 0));
    HttpResponse<String> response = put("/bucket/key", "content");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("SlowDown");
    assertThat(served).hasValue(0);
    assertThat(proxy.refusals()).isEqualTo(1);
  }

  @Test
  void aStormSlowsWhatItLetsPass() throws Exception {
    proxy.storm(new Storm(0, Duration.ofMillis(200), 0));
    long start = System.nanoTime();
    put("/bucket/key", "content");

    assertThat(System.nanoTime() - start).isGreaterThan(200_000_000);
  }

  @Test
  void anAnswerMayBeLostAfterTheRequestWasCarriedOut() {
    proxy.storm(new Storm(0, Duration.ZERO, 1));

    assertThatThrownBy(() -> put("/bucket/key", "content")).isInstanceOf(IOException.class);
    assertThat(served.get()).isPositive();
  }

  private HttpResponse<String> put(String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(proxy.endpoint() + path))
            .header("x-sent", "yes")
            .PUT(BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
  }
}
