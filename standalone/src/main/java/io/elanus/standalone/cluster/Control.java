package io.elanus.standalone.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// How other commands reach the process that owns a cluster: HTTP on a loopback port, for whoever knows the
/// token. An answer comes when the thing is done; `400` brings the reason why it cannot be.
final class Control implements AutoCloseable {
  static final String TOKEN = "x-elanus-token";

  /// What the owner does with a command.
  interface Commands {
    /// @return text for the person who asked
    /// @throws RuntimeException whose message says why it cannot be done
    String run(String command, Map<String, String> arguments) throws InterruptedException;
  }

  private final HttpServer server;
  private final String token;
  private final Commands commands;

  Control(Commands commands) {
    this.commands = commands;
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    this.token = HexFormat.of().formatHex(secret);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String token() {
    return token;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String shown = Optional.ofNullable(exchange.getRequestHeaders().getFirst(TOKEN)).orElse("");
      if (!MessageDigest.isEqual(bytes(shown), bytes(token))) {
        send(exchange, 403, "who are you?");
        return;
      }
      try {
        String command = exchange.getRequestURI().getPath().substring(1);
        send(exchange, 200, commands.run(command, arguments(exchange)));
      } catch (RuntimeException e) {
        send(exchange, 400, String.valueOf(e.getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Map<String, String> arguments(HttpExchange exchange) {
    Map<String, String> arguments = new HashMap<>();
    Stream.ofNullable(exchange.getRequestURI().getRawQuery())
        .flatMap(query -> Arrays.stream(query.split("&", -1)))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .forEach(
            pair -> arguments.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    return arguments;
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = bytes(text);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(1);
  }
}
