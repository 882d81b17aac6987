package io.elanus.adapters.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.elanus.adapters.aws.SpotNotice.Config;
import io.elanus.adapters.aws.SpotNotice.Notice;
import io.elanus.common.run.SystemRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against a metadata service that speaks as Amazon's does.
class SpotNoticeTest {
  private static final String ACTION =
      "{\"action\": \"terminate\", \"time\": \"2026-11-20T08:22:00Z\"}";

  private final SystemRun run = new SystemRun();
  private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private final AtomicInteger questions = new AtomicInteger();
  private volatile String validToken = "";
  private volatile boolean broken;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (broken) {
      answer(exchange, 503, "");
    } else if (path.equals("/latest/api/token")) {
      boolean asked =
          exchange.getRequestMethod().equals("PUT")
              && "21600"
                  .equals(
                      exchange
                          .getRequestHeaders()
                          .getFirst("X-aws-ec2-metadata-token-ttl-seconds"));
      validToken = "token-" + tokens.incrementAndGet();
      answer(exchange, asked ? 200 : 400, validToken);
    } else {
      questions.incrementAndGet();
      String token = exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token");
      String body = answers.getOrDefault(path, "");
      answer(exchange, !validToken.equals(token) ? 401 : body.isEmpty() ? 404 : 200, body);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (exchange) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private SpotNotice watch() {
    URI endpoint = URI.create("http://localhost:" + server.getAddress().getPort());
    return SpotNotice.watch(run, new Config(endpoint, Duration.ofMillis(20)), notices::add);
  }

  private void awaitQuestions(int count) {
    while (questions.get() < count) {
      run.sleep(Duration.ofMillis(5));
    }
  }

  private void give() {
    answers.put("/latest/meta-data/spot/instance-action", ACTION);
  }

  private Notice next() throws InterruptedException {
    return notices.poll(30, TimeUnit.SECONDS);
  }

  @Test
  void aNoticeIsToldOnce() throws InterruptedException {
    try (SpotNotice spot = watch()) {
      awaitQuestions(3);
      assertThat(spot.notice()).isEmpty();
      assertThat(notices).isEmpty();

      give();

      assertThat(next()).isEqualTo(new Notice("terminate", "2026-11-20T08:22:00Z"));
      run.sleep(Duration.ofMillis(100));
      assertThat(notices).isEmpty();
      assertThat(spot.notice()).isPresent();
      assertThat(tokens).hasValue(1);
    }
  }

  @Test
  void aTokenThatIsNoLongerGoodIsRenewed() throws InterruptedException {
    try (SpotNotice _ = watch()) {
      awaitQuestions(1);
      validToken = "another";
      give();

      assertThat(next()).isNotNull();
      assertThat(tokens).hasValue(2);
    }
  }

  @Test
  void aServiceThatIsAwayIsAskedAgain() throws InterruptedException {
    broken = true;
    try (SpotNotice _ = watch()) {
      run.sleep(Duration.ofMillis(100));
      give();
      broken = false;

      assertThat(next()).isNotNull();
    }
  }
}
