package io.elanus.chaos.fault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Stands before an S3 server and has storms, as S3 has them while it scales: some requests are answered with
/// 503 SlowDown at once, the others are slow, and of some that were carried out the answer is lost.
///
/// Requests pass with the Host header that they were signed with: the process needs
/// `-Djdk.httpclient.allowRestrictedHeaders=host`.
public final class HttpProxy implements AutoCloseable {
  private static final Duration SERVER_LIMIT = Duration.ofSeconds(60);
  private static final byte[] SLOW_DOWN =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>
      """
          .getBytes(StandardCharsets.UTF_8);

  /// What the client library sets itself, and what holds between two ends of one connection only.
  private static final Set<String> NOT_PASSED =
      Set.of("connection", "content-length", "expect", "upgrade", "transfer-encoding");

  /// @param refused share of requests that are answered with 503, in [0, 1]
  /// @param latency of the others
  /// @param lostAnswers share of those carried out whose answer is lost, in [0, 1]
  public record Storm(double refused, Duration latency, double lostAnswers) {
    public static final Storm NONE = new Storm(0, Duration.ZERO, 0);
  }

  private final Supplier<URI> server;
  private final HttpServer listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Random random;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();
  private volatile Storm storm = Storm.NONE;

  /// Listens on any port of the loopback address.
  ///
  /// @param server asked at each request
  public HttpProxy(Supplier<URI> server, long seed) {
    this.server = server;
    this.random = new Random(seed);
    try {
      this.listener =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    listener.setExecutor(threads);
    listener.createContext("/", this::serve);
    listener.start();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getAddress().getPort());
  }

  public void storm(Storm now) {
    storm = now;
  }

  /// All that came, those refused too.
  public long requests() {
    return requests.get();
  }

  public long refusals() {
    return refusals.get();
  }

  private void serve(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    byte[] body = exchange.getRequestBody().readAllBytes();
    Storm now = storm;
    try (exchange) {
      if (hits(now.refused())) {
        refusals.incrementAndGet();
        exchange.sendResponseHeaders(503, SLOW_DOWN.length);
        exchange.getResponseBody().write(SLOW_DOWN);
        return;
      }
      Thread.sleep(now.latency());
      HttpResponse<byte[]> response =
          client.send(forwarded(exchange, body), BodyHandlers.ofByteArray());
      if (!hits(now.lostAnswers())) {
        answer(exchange, response);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hits(double share) {
    synchronized (random) {
      return random.nextDouble() < share;
    }
  }

  private HttpRequest forwarded(HttpExchange exchange, byte[] body) {
    URI target = server.get().resolve(exchange.getRequestURI().toString());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(SERVER_LIMIT)
            .method(exchange.getRequestMethod(), publisher(body));
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> {
          if (!isOfConnection(name)) {
            values.forEach(value -> request.header(name, value));
          }
        });
    return request.build();
  }

  private static HttpRequest.BodyPublisher publisher(byte[] body) {
    return body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> response)
      throws IOException {
    response
        .headers()
        .map()
        .forEach((name, values) -> {
          if (!isOfConnection(name)) {
            exchange.getResponseHeaders().put(name, List.copyOf(values));
          }
        });
    boolean headOnly = exchange.getRequestMethod().equals("HEAD");
    if (headOnly) {
      response
          .headers()
          .firstValue("content-length")
          .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
    }
    byte[] body = response.body();
    exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static boolean isOfConnection(String header) {
    return NOT_PASSED.stream().anyMatch(header::equalsIgnoreCase);
  }

  @Override
  public void close() {
    listener.stop(0);
    threads.close();
    client.close();
  }
}
