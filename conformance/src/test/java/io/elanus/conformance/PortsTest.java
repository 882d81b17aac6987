package io.elanus.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// HTTP/1.1 on the public port, and the management port.
@ExtendWith(SharedServer.class)
class PortsTest {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void thePublicPortAnswersHttp(ElanusServer server) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(server.uri() + "/v2/vectordb/collections/list");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("no such path");
  }

  @Test
  void theManagementPortTellsHealthAndMetrics(ElanusServer server)
      throws IOException, InterruptedException {
    assertThat(get(server.managementUri() + "/healthz").body()).isEqualTo("OK");
    assertThat(get(server.managementUri() + "/livez").statusCode()).isEqualTo(200);
    assertThat(get(server.managementUri() + "/readyz").statusCode()).isEqualTo(200);
    assertThat(get(server.managementUri() + "/metrics").body()).contains("jvm_memory_used_bytes");
  }

  private HttpResponse<String> get(String uri) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
