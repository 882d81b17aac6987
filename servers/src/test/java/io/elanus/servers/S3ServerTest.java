package io.elanus.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3ServerTest {
  private static final int DENIED = 403;

  @TempDir Path folder;

  @Test
  void itComesBackWithItsPortAfterAKillAndInANewServer() throws Exception {
    URI endpoint;
    try (S3Server server = S3Server.start(folder)) {
      endpoint = server.endpoint();
      server.createBucket("bucket");
      assertThat(statusWithoutKey(endpoint)).isEqualTo(DENIED);

      server.kill();
      assertThat(server.isAlive()).isFalse();
      assertThatThrownBy(() -> statusWithoutKey(server.endpoint())).isInstanceOf(IOException.class);

      server.restart();
      assertThat(statusWithoutKey(endpoint)).isEqualTo(DENIED);
    }

    try (S3Server server = S3Server.start(folder)) {
      assertThat(server.endpoint()).isEqualTo(endpoint);
      assertThat(folder.resolve("data/bucket")).isDirectory();
    }
  }

  @Test
  void oneThatCannotStartSaysWhy() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(folder.resolve("port"), Integer.toString(taken.getLocalPort()));

      assertThatThrownBy(() -> S3Server.start(folder))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Failed to bind");
    }
  }

  private static int statusWithoutKey(URI endpoint) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(endpoint.resolve("/bucket")).build(),
              BodyHandlers.discarding())
          .statusCode();
    }
  }
}
