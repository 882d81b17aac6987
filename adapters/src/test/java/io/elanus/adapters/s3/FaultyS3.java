package io.elanus.adapters.s3;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Stands between a client and an S3 server and spoils what a test wants spoilt. Bytes pass as they are, so
/// signatures stay good.
final class FaultyS3 implements AutoCloseable {
  private static final String CHUNKED = "transfer-encoding: chunked";

  /// @param number of all requests, from 1
  /// @param head first line and headers, in lower case
  record Request(int number, String method, String target, String head) {
    boolean is(String wanted) {
      return method.equals(wanted);
    }
  }

  sealed interface Fault {
    Fault NONE = new None();

    record None() implements Fault {}

    /// Answered here; the server does not see it.
    record Refused(int status, String code, String message) implements Fault {}

    /// Answered here, as a server that does not do what it was asked.
    record Pretended(String headers, String body) implements Fault {}

    /// Done by the server; the answer's body stops after so many bytes, and the connection with it.
    record Truncated(int bytes) implements Fault {}

    /// Done by the server; the answer comes later.
    record Delayed(Duration time) implements Fault {}

    /// Done by the server; the connection breaks instead of an answer.
    record AnswerLost() implements Fault {}
  }

  interface Faults {
    Fault of(Request request);
  }

  private final URI server;
  private final ServerSocket listener;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Faults faults = _ -> Fault.NONE;

  private FaultyS3(URI server, ServerSocket listener) {
    this.server = server;
    this.listener = listener;
  }

  static FaultyS3 before(URI server) throws IOException {
    FaultyS3 proxy =
        new FaultyS3(server, new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
    Thread.startVirtualThread(proxy::accept);
    return proxy;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /// From now on; forgets the requests seen so far.
  void spoil(Faults newFaults) {
    requests.clear();
    faults = newFaults;
  }

  static Faults always(Fault fault) {
    return _ -> fault;
  }

  /// Only the first request of that method.
  static Faults first(String method, Fault fault) {
    boolean[] done = {false};
    return request -> {
      boolean now = request.is(method) && !done[0];
      done[0] |= now;
      return now ? fault : Fault.NONE;
    };
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  List<String> methods() {
    return requests.stream().map(Request::method).toList();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket upstream = new Socket(server.getHost(), server.getPort())) {
      upstream.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      InputStream fromClient = new BufferedInputStream(client.getInputStream());
      InputStream fromServer = new BufferedInputStream(upstream.getInputStream());
      boolean goOn = true;
      while (goOn) {
        Optional<String> head = readHead(fromClient);
        goOn =
            head.isPresent()
                && pass(
                    head.get(),
                    fromClient,
                    client.getOutputStream(),
                    fromServer,
                    upstream.getOutputStream());
      }
    } catch (IOException broken) {
      // a client or server that is gone is what a test may want
    }
  }

  private boolean pass(
      String head,
      InputStream fromClient,
      OutputStream toClient,
      InputStream fromServer,
      OutputStream toServer)
      throws IOException {
    String[] line = head.substring(0, head.indexOf("\r\n")).split(" ", 3);
    Request request = note(line[0], line[1], head);
    Fault fault = faults.of(request);
    if (head.toLowerCase(Locale.ROOT).contains("expect: 100-continue")) {
      write(toClient, "HTTP/1.1 100 Continue\r\n\r\n");
    }
    byte[] body = readBody(head, fromClient);
    if (fault instanceof Fault.Refused refused) {
      write(toClient, answer(refused, request));
      return true;
    }
    if (fault instanceof Fault.Pretended pretended) {
      write(toClient, answer(pretended));
      return true;
    }
    write(toServer, head.replaceAll("(?i)expect: 100-continue\r\n", ""));
    toServer.write(body);
    toServer.flush();
    String answerHead = readHead(fromServer).orElseThrow(EOFException::new);
    byte[] answerBody =
        hasBody(request, answerHead) ? readBody(answerHead, fromServer) : new byte[0];
    return answer(fault, answerHead, answerBody, toClient);
  }

  private static boolean answer(Fault fault, String head, byte[] body, OutputStream toClient)
      throws IOException {
    switch (fault) {
      case Fault.None _, Fault.Refused _, Fault.Pretended _ -> {
        write(toClient, head);
        toClient.write(body);
      }
      case Fault.Delayed delayed -> {
        sleep(delayed.time);
        write(toClient, head);
        toClient.write(body);
      }
      case Fault.Truncated truncated -> {
        write(toClient, head);
        toClient.write(body, 0, Math.min(truncated.bytes, body.length));
        toClient.flush();
        return false;
      }
      case Fault.AnswerLost _ -> {
        return false;
      }
    }
    toClient.flush();
    return true;
  }

  private synchronized Request note(String method, String target, String head) {
    Request request =
        new Request(requests.size() + 1, method, target, head.toLowerCase(Locale.ROOT));
    requests.add(request);
    return request;
  }

  private static String answer(Fault.Pretended pretended) {
    return "HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(pretended.headers, pretended.body.length(), pretended.body);
  }

  private static String answer(Fault.Refused refused, Request request) {
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
            .formatted(refused.code, refused.message);
    String body = request.is("HEAD") ? "" : xml;
    return "HTTP/1.1 %d Refused\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(refused.status, body.length(), body);
  }

  private static boolean hasBody(Request request, String head) {
    return !request.is("HEAD")
        && !head.startsWith("HTTP/1.1 204")
        && !head.startsWith("HTTP/1.1 304");
  }

  /// Up to and with the empty line; empty when the other side closed.
  private static Optional<String> readHead(InputStream input) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ends = 0;
    while (ends < 2) {
      int next = input.read();
      if (next < 0) {
        return Optional.empty();
      }
      head.write(next);
      ends = next == '\n' ? ends + 1 : next == '\r' ? ends : 0;
    }
    return Optional.of(head.toString(StandardCharsets.ISO_8859_1));
  }

  /// As it travels: with its chunks, if it has any.
  private static byte[] readBody(String head, InputStream input) throws IOException {
    String lower = head.toLowerCase(Locale.ROOT);
    if (lower.contains(CHUNKED)) {
      return readChunks(input);
    }
    int at = lower.indexOf("\r\ncontent-length:");
    if (at < 0) {
      return new byte[0];
    }
    int from = at + "\r\ncontent-length:".length();
    int length = Integer.parseInt(lower.substring(from, lower.indexOf("\r\n", from)).strip());
    return input.readNBytes(length);
  }

  private static byte[] readChunks(InputStream input) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      String line = readLine(input);
      int size = Integer.parseInt(line.strip(), 16);
      all.write(line.getBytes(StandardCharsets.ISO_8859_1));
      all.write(input.readNBytes(size + 2));
      if (size == 0) {
        return all.toByteArray();
      }
    }
  }

  private static String readLine(InputStream input) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = 0;
    while (next != '\n') {
      next = input.read();
      if (next < 0) {
        throw new EOFException();
      }
      line.append((char) next);
    }
    return line.toString();
  }

  private static void write(OutputStream output, String text) throws IOException {
    output.write(text.getBytes(StandardCharsets.ISO_8859_1));
    output.flush();
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
