package io.elanus.adapters.kafka;

import io.elanus.common.wal.Wal;
import io.elanus.common.wal.WalContract;
import io.elanus.servers.Programs;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.kafka.KafkaContainer;

/// The contract on the broker as Apache ships it, in a container. Runs where a Docker engine answers and has
/// the image (`docker pull apache/kafka:4.3.1`), or where `ELANUS_REQUIRED_SERVERS` names `docker`.
@EnabledIf(value = "canRun", disabledReason = "no docker engine answers that has apache/kafka")
class KafkaContainerTest extends WalContract {
  private static final String IMAGE = "apache/kafka:4.3.1";

  private static KafkaContainer container;
  private static int topics;

  @SuppressWarnings("NullAway.Init") // before each test
  private KafkaWalConfig config;

  @BeforeAll
  static void startBroker() {
    container = new KafkaContainer(IMAGE);
    container.start();
  }

  @AfterAll
  static void stopBroker() {
    if (container != null) {
      container.close();
    }
  }

  static boolean canRun() throws Exception {
    String required = System.getenv().getOrDefault("ELANUS_REQUIRED_SERVERS", "");
    boolean runs = List.of(required.split(",", -1)).contains("docker") || engineHasImage();
    if (!runs) {
      System.err.printf("%n*** SKIPPED: the log on Kafka in a container: no %s here%n%n", IMAGE);
    }
    return runs;
  }

  private static boolean engineHasImage() throws Exception {
    Optional<Path> docker = Programs.find("docker");
    return docker.isPresent()
        && new ProcessBuilder(docker.get().toString(), "image", "inspect", IMAGE)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
  }

  @Override
  protected Wal open() {
    KafkaTopic topic = new KafkaTopic("log-" + ++topics, LOGS, 1, 3 << 20);
    config = KafkaWalConfig.of(container.getBootstrapServers(), topic).creatingTopic();
    return KafkaWal.open(run, config);
  }

  @Override
  protected Wal openAnother() {
    return KafkaWal.open(run, config);
  }
}
