package io.elanus.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaServerTest {
  @TempDir Path folder;

  @Test
  void aBrokerComesBackWithItsPortsAfterAKillAndInANewServer() throws IOException {
    String addresses;
    try (KafkaServer server = KafkaServer.start(folder, KafkaOptions.ONE_BROKER)) {
      addresses = server.bootstrapServers();
      assertThat(answers(addresses)).isTrue();

      server.broker(1).kill();
      assertThat(server.broker(1).isAlive()).isFalse();
      assertThat(answers(addresses)).isFalse();

      server.broker(1).restart();
      assertThat(answers(addresses)).isTrue();
    }
    assertThat(answers(addresses)).isFalse();
    String clusterBefore = Files.readString(folder.resolve("broker-1/data/meta.properties"));

    try (KafkaServer server = KafkaServer.start(folder, KafkaOptions.ONE_BROKER)) {
      assertThat(server.bootstrapServers()).isEqualTo(addresses);
      assertThat(folder.resolve("broker-1/data/meta.properties")).hasContent(clusterBefore);
    }
  }

  @Test
  void aBrokerThatCannotStartSaysWhy() {
    KafkaOptions wrong = KafkaOptions.ONE_BROKER.withProperty("num.network.threads", "none");

    assertThatThrownBy(() -> KafkaServer.start(folder, wrong))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("num.network.threads");
  }

  private static boolean answers(String address) {
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
