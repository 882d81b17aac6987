package io.elanus.rpc.management;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Run;
import io.elanus.rpc.http.HttpRequest;
import io.elanus.rpc.http.HttpResponse;
import io.elanus.rpc.http.HttpRoutes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The management port, 9091: `/metrics`, `/healthz`, `/livez`, `/readyz`. On the JDK's own HTTP
/// server, so that it still answers when the other one is in trouble.
public final class ManagementServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ManagementServer.class);
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final Supplier<String> metrics;
  private final HealthPages health;

  /// @param address port 0 takes any free one
  /// @param metrics what a scrape reads, in Prometheus' text format
  public static ManagementServer start(
      Run run, InetSocketAddress address, Supplier<String> metrics, Health health) {
    try {
      HttpServer server = HttpServer.create(address, 0);
      server.setExecutor(exchange -> run.fork("management", exchange));
      return new ManagementServer(server, metrics, health);
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "cannot listen on %s:%d: %s"
              .formatted(address.getHostString(), address.getPort(), e.getMessage()),
          e);
    }
  }

  private ManagementServer(HttpServer server, Supplier<String> metrics, Health health) {
    this.server = server;
    this.metrics = metrics;
    this.health = new HealthPages(health);
    server.createContext("/", this::exchange);
    server.start();
    log.info("management server listens port={}", port());
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void exchange(HttpExchange exchange) throws IOException {
    try (exchange) {
      HttpResponse response = answer(decode(exchange));
      exchange.getResponseHeaders().set("content-type", response.contentType());
      exchange.sendResponseHeaders(response.status(), response.body().size());
      response.body().writeTo(exchange.getResponseBody());
    }
  }

  /// Bodies are not read: no path here takes one.
  private static HttpRequest decode(HttpExchange exchange) {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(lower(name), String.join(",", values)));
    String query = exchange.getRequestURI().getRawQuery();
    return new HttpRequest(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        query == null ? "" : query,
        headers,
        ByteString.EMPTY);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private HttpResponse answer(HttpRequest request) {
    try {
      return switch (request.path()) {
        case "/metrics" ->
            new HttpResponse(200, METRICS_TYPE, ByteString.copyFromUtf8(metrics.get()));
        case "/healthz" -> health.healthz(request);
        case "/livez" -> health.livez();
        case "/readyz" -> health.readyz();
        default -> HttpRoutes.notFound(request);
      };
    } catch (RuntimeException e) {
      log.error("management request failed path={}", request.path(), e);
      return HttpResponse.text(500, "unexpected error");
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
