package io.elanus.adapters.kafka;

import io.elanus.common.wal.Wal;
import io.elanus.common.wal.WalContract;
import io.elanus.servers.KafkaOptions;
import io.elanus.servers.KafkaServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract on three brokers, where the end is the place of a barrier.
class ReplicatedKafkaWalTest extends WalContract {
  private static KafkaServer server;
  private static int topics;

  private KafkaWalConfig config;

  @BeforeAll
  static void startBrokers(@TempDir Path folder) {
    server = KafkaServer.start(folder, KafkaOptions.THREE_BROKERS);
  }

  @AfterAll
  static void stopBrokers() {
    server.close();
  }

  @Override
  protected Wal open() {
    KafkaTopic topic = new KafkaTopic("log-" + ++topics, LOGS, 3, 3 << 20);
    config = KafkaWalConfig.of(server.bootstrapServers(), topic).creatingTopic();
    return KafkaWal.open(run, config);
  }

  @Override
  protected Wal openAnother() {
    return KafkaWal.open(run, config);
  }
}
