package io.elanus.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdServerTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path folder;

  @BeforeEach
  void requireServer() {
    InstalledServer.ETCD.require();
  }

  @Test
  void oneNodeComesBackAfterAKill() {
    try (EtcdServer server = EtcdServer.start(folder, 1)) {
      List<String> endpoints = server.endpoints();
      assertThat(server.leader()).contains(0);

      server.kill(0);
      assertThat(server.leader()).isEmpty();
      server.restart(0);

      assertThat(server.leader()).contains(0);
      assertThat(server.endpoints()).isEqualTo(endpoints);
    }
  }

  @Test
  void anotherNodeLeadsWhenTheLeaderIsKilled() {
    try (EtcdServer server = EtcdServer.start(folder, 3)) {
      int first = server.leader().orElseThrow();
      int other = (first + 1) % 3;

      server.kill(first);
      server.node(other).awaitReady(LIMIT, () -> server.leader().isPresent());

      assertThat(server.leader().orElseThrow()).isNotEqualTo(first);
      server.restart(first);
      assertThat(server.node(first).isAlive()).isTrue();
    }
  }
}
