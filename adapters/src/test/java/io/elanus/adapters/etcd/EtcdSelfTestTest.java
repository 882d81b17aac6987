package io.elanus.adapters.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elanus.adapters.TestCertificates;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.servers.EtcdServer;
import io.elanus.servers.FreePorts;
import io.elanus.servers.InstalledServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdSelfTestTest {
  @TempDir Path folder;

  private final Run run = new SystemRun();

  @BeforeEach
  void requireServer() {
    InstalledServer.ETCD.require();
  }

  private static EtcdConfig config(
      List<String> endpoints, Optional<EtcdConfig.User> user, EtcdConfig.Tls tls) {
    return new EtcdConfig(
        endpoints.stream().map(EtcdConfig.Endpoint::parse).toList(),
        user,
        tls,
        "cluster/one",
        Duration.ofSeconds(1));
  }

  private void use(EtcdConfig config) {
    try (MetaStore store = EtcdMetaStore.open(run, config)) {
      String id = "%016x".formatted(run.random().nextLong());
      assertThat(store.commit(id, List.of(), List.of(new Put("a", new byte[1]))))
          .isInstanceOf(Committed.class);
      assertThat(store.get("a")).isPresent();
      assertThat(store.lease(Duration.ofSeconds(5)).renew()).isTrue();
    }
  }

  private DbException refusal(EtcdConfig config) {
    DbException error = catchThrowableOfType(DbException.class, () -> use(config));
    assertThat(error).isNotNull();
    return error;
  }

  @Test
  void usersHaveRightsUnderTheirRoot() throws Exception {
    try (EtcdServer server = EtcdServer.start(folder, 1)) {
      Gateway gateway = new Gateway(server.endpoints().getFirst());
      gateway.addUser("root", "root");
      gateway.addUser("reader", "reader");
      gateway.grant("reader", "READ", "cluster/one/", "cluster/one0");
      gateway.addUser("writer", "writer");
      gateway.grant("writer", "READWRITE", "cluster/one/", "cluster/one0");
      gateway.post("auth/enable", "{}");
      List<String> endpoints = server.endpoints();
      EtcdConfig.Tls off = new EtcdConfig.Tls.Off();

      use(config(endpoints, Optional.of(new EtcdConfig.User("writer", "secret")), off));

      DbException denied =
          refusal(config(endpoints, Optional.of(new EtcdConfig.User("reader", "secret")), off));
      assertThat(denied.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
      assertThat(denied.text())
          .contains("1. user reader may not read and write all keys from 'cluster/one/'");
      assertThat(
              refusal(config(endpoints, Optional.of(new EtcdConfig.User("writer", "x")), off))
                  .text())
          .contains("invalid user ID or password");
      assertThat(refusal(config(endpoints, Optional.empty(), off)).text())
          .contains("user name is empty");
    }
  }

  @Test
  void throughTlsMembersProveTheirNames() {
    TestCertificates right = TestCertificates.make(folder.resolve("right"));
    TestCertificates wrong = TestCertificates.make(folder.resolve("wrong"));
    EtcdServer.Tls tls = new EtcdServer.Tls(right.certificate(), right.key());
    try (EtcdServer server = EtcdServer.start(folder, 1, Optional.of(tls))) {
      List<String> endpoints = server.endpoints();

      use(config(endpoints, Optional.empty(), trusting(right.certificate())));
      assertThat(refusal(config(endpoints, Optional.empty(), trusting(wrong.certificate()))).code())
          .isEqualTo(ErrorCode.STORAGE_IO_FAILED);
      assertThat(
              refusal(config(endpoints, Optional.empty(), trusting(folder.resolve("none")))).code())
          .isEqualTo(ErrorCode.INVALID_PARAMETER);
    }
  }

  private static EtcdConfig.Tls trusting(Path authorities) {
    return new EtcdConfig.Tls.On(Optional.of(authorities), Optional.empty());
  }

  @Test
  void whoCannotBeReachedIsNamed() {
    String nobody = "127.0.0.1:" + FreePorts.one();

    DbException error =
        refusal(config(List.of(nobody), Optional.empty(), new EtcdConfig.Tls.Off()));

    assertThat(error.code()).isEqualTo(ErrorCode.STORAGE_IO_FAILED);
    assertThat(error.text()).startsWith("the status of etcd [" + nobody + "] failed: UNAVAILABLE");
  }

  /// etcd's administration over HTTP.
  private record Gateway(String endpoint) {
    void addUser(String user, String role) throws IOException, InterruptedException {
      post("auth/user/add", "{\"name\": \"%s\", \"password\": \"secret\"}".formatted(user));
      post("auth/role/add", "{\"name\": \"%s\"}".formatted(role));
      post("auth/user/grant", "{\"user\": \"%s\", \"role\": \"%s\"}".formatted(user, role));
    }

    void grant(String role, String kind, String from, String to)
        throws IOException, InterruptedException {
      post(
          "auth/role/grant",
          "{\"name\": \"%s\", \"perm\": {\"permType\": \"%s\", \"key\": \"%s\", \"range_end\": \"%s\"}}"
              .formatted(role, kind, base64(from), base64(to)));
    }

    void post(String path, String body) throws IOException, InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + endpoint + "/v3/" + path))
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      try (HttpClient http = HttpClient.newHttpClient()) {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      }
    }

    private static String base64(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
