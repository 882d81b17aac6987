package io.elanus.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MariaDbServerTest {
  @TempDir Path folder;

  @BeforeEach
  void requireServer() {
    InstalledServer.MARIADB.require();
  }

  @Test
  void itKeepsItsDataAndItsPortWhenItIsKilled() {
    try (MariaDbServer server = MariaDbServer.start(folder)) {
      int port = server.port();
      server.createDatabase("elanus", "user", "secret");
      server.execute("CREATE TABLE elanus.t (n INT)");

      server.kill();
      assertThat(server.process().isAlive()).isFalse();
      server.restart();

      assertThat(server.port()).isEqualTo(port);
      server.execute("SELECT * FROM elanus.t");
      assertThatThrownBy(() -> server.execute("SELECT * FROM elanus.missing"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("1146");
    }
  }
}
