package io.elanus.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.chaos.fault.TcpProxy.Weather;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int SILENCE_MILLIS = 150;

  private final ServerSocket server;
  private final TcpProxy proxy;

  TcpProxyTest() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    proxy = new TcpProxy(() -> new InetSocketAddress("127.0.0.1", server.getLocalPort()));
  }

  @BeforeEach
  void limitWaits() throws IOException {
    server.setSoTimeout(PATIENCE_MILLIS);
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    server.close();
  }

  @Test
  void bytesPassBothWays() throws IOException {
    try (Pair pair = connect()) {
      pair.client.send("ask");
      assertThat(pair.server.receive(3)).isEqualTo("ask");
      pair.server.send("answer");
      assertThat(pair.client.receive(6)).isEqualTo("answer");
    }
  }

  @Test
  void whatIsCutArrivesWhenItIsHealed() throws IOException {
    try (Pair pair = connect()) {
      proxy.weather(Weather.CUT);
      pair.client.send("ask");
      pair.server.send("answer");
      pair.server.hearsNothing();
      pair.client.hearsNothing();

      proxy.weather(Weather.FINE);
      assertThat(pair.server.receive(3)).isEqualTo("ask");
      assertThat(pair.client.receive(6)).isEqualTo("answer");
    }
  }

  @Test
  void aCutMayBeOneWay() throws IOException {
    try (Pair pair = connect()) {
      proxy.weather(Weather.NO_ANSWERS);
      pair.client.send("ask");
      assertThat(pair.server.receive(3)).isEqualTo("ask");
      pair.server.send("answer");
      pair.client.hearsNothing();
    }
  }

  @Test
  void aCutMayBeThatOfOneProcess() throws IOException {
    long self = ProcessHandle.current().pid();
    proxy.weather(self + 1_000_000, Weather.CUT);
    try (Pair pair = connect()) {
      pair.client.send("ask");
      assertThat(pair.server.receive(3)).isEqualTo("ask");

      proxy.weather(self, Weather.CUT);
      pair.server.send("answer");
      pair.client.hearsNothing();

      proxy.weather(self, Weather.FINE);
      assertThat(pair.client.receive(6)).isEqualTo("answer");
    }
  }

  @Test
  void anAnswerIsResetBehindSoManyBytes() throws IOException {
    try (Pair pair = connect()) {
      proxy.weather(Weather.resetAfter(4));
      pair.server.send("1234");
      assertThat(pair.client.receive(4)).isEqualTo("1234");
      pair.server.send("5");

      assertThatThrownBy(() -> pair.client.receive(1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aNewConnectionMayStayHalfOpen() throws IOException {
    proxy.weather(Weather.HALF_OPEN);
    try (End client = new End(new Socket("127.0.0.1", proxy.port()))) {
      client.send("ask");
      client.hearsNothing();

      proxy.weather(Weather.FINE);
      try (End accepted = new End(server.accept())) {
        assertThat(accepted.receive(3)).isEqualTo("ask");
      }
    }
  }

  @Test
  void everythingIsLate() throws IOException {
    try (Pair pair = connect()) {
      proxy.weather(Weather.slow(Duration.ofMillis(200)));
      long start = System.nanoTime();
      pair.client.send("ask");
      assertThat(pair.server.receive(3)).isEqualTo("ask");

      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(200_000_000);
    }
  }

  @Test
  void aServerThatIsGoneIsGoneForTheClient() throws IOException {
    server.close();
    try (End client = new End(new Socket("127.0.0.1", proxy.port()))) {
      assertThatThrownBy(() -> client.receive(1)).isInstanceOf(IOException.class);
    }
  }

  private Pair connect() throws IOException {
    End client = new End(new Socket("127.0.0.1", proxy.port()));
    return new Pair(client, new End(server.accept()));
  }

  private record Pair(End client, End server) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  private record End(Socket socket) implements AutoCloseable {
    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    String receive(int length) throws IOException {
      socket.setSoTimeout(PATIENCE_MILLIS);
      byte[] bytes = socket.getInputStream().readNBytes(length);
      if (bytes.length < length) {
        throw new IOException("the connection ended");
      }
      return new String(bytes, StandardCharsets.US_ASCII);
    }

    void hearsNothing() throws IOException {
      socket.setSoTimeout(SILENCE_MILLIS);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
