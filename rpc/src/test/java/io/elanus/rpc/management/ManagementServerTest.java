package io.elanus.rpc.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.run.SystemRun;
import io.elanus.rpc.management.Health.Report;
import io.elanus.rpc.management.Health.State;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
  private final Health health = new Health();
  private final AtomicBoolean proxyWell = new AtomicBoolean(true);
  private final ManagementServer server =
      ManagementServer.start(
          new SystemRun(),
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          () -> "# HELP elanus_up 1 while running\nelanus_up 1\n",
          health);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void a_scrape_reads_the_metrics() throws Exception {
    HttpResponse<String> response = get("/metrics", "");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).endsWith("elanus_up 1\n");
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/plain");
  }

  @Test
  void healthz_answers_as_milvus_does() throws Exception {
    health.addFlag("proxy", proxyWell::get);
    health.add("rootcoord", () -> Report.STANDBY);

    assertThat(describe(get("/healthz", ""))).isEqualTo("200 OK");
    assertThat(describe(get("/healthz", "application/json")))
        .isEqualTo(
            "200 {\"state\":\"OK\",\"detail\":"
                + "[{\"name\":\"proxy\",\"code\":1},{\"name\":\"rootcoord\",\"code\":3}]}");

    proxyWell.set(false);

    assertThat(describe(get("/healthz", ""))).isEqualTo("500 Not all components are healthy, 1/2");
    assertThat(describe(get("/healthz", "application/json")))
        .startsWith("500 {\"state\":\"Not all components are healthy, 1/2\",")
        .contains("{\"name\":\"proxy\",\"code\":2}");
  }

  @Test
  void readyz_says_why_not() throws Exception {
    health.add("datanode", () -> new Report(State.INITIALIZING, "no log"));
    health.addFlag("proxy", proxyWell::get);
    health.add(
        "querynode",
        () -> {
          throw new IllegalStateException("lost");
        });

    assertThat(describe(get("/readyz", "")))
        .isEqualTo(
            "503 {\"ready\":false,\"components\":["
                + "{\"name\":\"datanode\",\"ready\":false,\"state\":\"INITIALIZING\","
                + "\"reason\":\"no log\"},"
                + "{\"name\":\"proxy\",\"ready\":true,\"state\":\"HEALTHY\",\"reason\":\"\"},"
                + "{\"name\":\"querynode\",\"ready\":false,\"state\":\"ABNORMAL\","
                + "\"reason\":\"check failed: lost\"}]}");

    health.remove("datanode");
    health.remove("querynode");
    health.add("rootcoord", () -> new Report(State.STANDBY, "role=standby"));

    assertThat(describe(get("/readyz", "")))
        .startsWith("200 {\"ready\":true,")
        .contains("\"state\":\"STANDBY\",\"reason\":\"role=standby\"");
  }

  @Test
  void the_process_lives_whatever_its_components_say() throws Exception {
    proxyWell.set(false);
    health.addFlag("proxy", proxyWell::get);

    assertThat(describe(get("/livez", ""))).isEqualTo("200 OK");
  }

  @Test
  void nothing_else_is_served() throws Exception {
    for (String path : new String[] {"/", "/expr", "/management/stop", "/metrics/x"}) {
      assertThat(get(path, "").statusCode()).isEqualTo(404);
    }
  }

  private HttpResponse<String> get(String path, String contentType) throws Exception {
    URI uri = URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path));
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (!contentType.isEmpty()) {
      request.header("content-type", contentType);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String describe(HttpResponse<String> response) {
    return response.statusCode() + " " + response.body();
  }
}
