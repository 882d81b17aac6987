package io.elanus.adapters.kafka;

import static io.elanus.adapters.kafka.KafkaLogin.Mechanism.PLAIN;
import static io.elanus.adapters.kafka.KafkaLogin.Mechanism.SCRAM_SHA_512;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KafkaWalConfigTest {
  private static final KafkaTopic TOPIC = KafkaTopic.named("log");

  @Test
  void secretsAreNotShown() {
    KafkaSecurity security =
        new KafkaSecurity(
            Optional.of(
                new KafkaSecurity.Tls(
                    Optional.empty(), Optional.of(Path.of("key.pem")), Optional.of("s3cret"))),
            Optional.of(new KafkaLogin.Password(SCRAM_SHA_512, "elanus", "s3cret")));
    KafkaWalConfig config =
        new KafkaWalConfig(
            "kafka:9092",
            security,
            TOPIC,
            false,
            false,
            Duration.ofSeconds(30),
            Map.of("ssl.keystore.password", "s3cret"));

    assertThat(config.toString()).contains("elanus", "ssl.keystore.password");
    assertThat(config.toString()).doesNotContain("s3cret");
  }

  @Test
  void theProtocolFollowsFromWhatThereIs() {
    Optional<KafkaSecurity.Tls> tls = Optional.of(KafkaSecurity.Tls.OF_THE_JDK);
    Optional<KafkaLogin> login = Optional.of(new KafkaLogin.Password(PLAIN, "u", "p"));

    assertThat(KafkaSecurity.NONE.protocol()).isEqualTo("PLAINTEXT");
    assertThat(new KafkaSecurity(tls, Optional.empty()).protocol()).isEqualTo("SSL");
    assertThat(new KafkaSecurity(Optional.empty(), login).protocol()).isEqualTo("SASL_PLAINTEXT");
    assertThat(new KafkaSecurity(tls, login).protocol()).isEqualTo("SASL_SSL");
  }

  @Test
  void aPasswordMayHoldAnything() {
    KafkaLogin login = new KafkaLogin.Password(PLAIN, "u", "a\"b\\c");

    assertThat(login.jaasConfig()).endsWith("password=\"a\\\"b\\\\c\";");
  }

  /// The library is there, and takes what it is given; a cluster that asks for it is not.
  @Test
  void clientsForAwsIamCanBeMade() {
    KafkaSecurity security =
        new KafkaSecurity(
            Optional.of(KafkaSecurity.Tls.OF_THE_JDK), Optional.of(new KafkaLogin.AwsIam()));

    new KafkaClients(KafkaWalConfig.of("localhost:9098", TOPIC).with(security)).producer().close();

    assertThatThrownBy(
            () -> new KafkaSecurity(Optional.empty(), Optional.of(new KafkaLogin.AwsIam())))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("needs TLS");
  }

  @Test
  void oneCopyIsForDevelopment() {
    KafkaTopic single = new KafkaTopic("log", 4, 1, 1 << 20);

    assertThat(KafkaWalConfig.of("kafka:9092", single).development()).isTrue();
    assertThatThrownBy(() ->
            new KafkaWalConfig(
                "kafka:9092",
                KafkaSecurity.NONE,
                single,
                false,
                false,
                Duration.ofSeconds(30),
                Map.of()))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("development");
  }
}
