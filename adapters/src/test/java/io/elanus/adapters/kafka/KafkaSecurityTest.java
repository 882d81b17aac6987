package io.elanus.adapters.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.adapters.kafka.KafkaLogin.Mechanism;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.servers.KafkaOptions;
import io.elanus.servers.KafkaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A broker that asks who we are, and what an operator is told when something is missing.
class KafkaSecurityTest {
  private static final LogId LOG = new LogId(1);
  private static final KafkaTopic TOPIC = new KafkaTopic("secured", 2, 1, 1 << 20);
  private static final AclOperation[] ALL_NEEDED = {
    AclOperation.DESCRIBE,
    AclOperation.DESCRIBE_CONFIGS,
    AclOperation.READ,
    AclOperation.WRITE,
    AclOperation.DELETE
  };

  private static final Run RUN = new SystemRun();

  private static Certificate broker;
  private static Certificate client;
  private static KafkaServer server;
  private static Admin admin;

  @BeforeAll
  static void startBroker(@TempDir Path folder) throws Exception {
    broker = Certificate.make(folder, "broker");
    client = Certificate.make(folder, "client");
    server = KafkaServer.start(folder.resolve("kafka"), options());
    admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()));
    makeTopic(TOPIC.name(), TOPIC.logCount(), TopicRules.settings(TOPIC));
    allow("elanus", TOPIC.name(), ALL_NEEDED);
    allow("CN=client", TOPIC.name(), ALL_NEEDED);
    allow("reader", TOPIC.name(), AclOperation.READ, AclOperation.DESCRIBE_CONFIGS);
  }

  private static KafkaOptions options() {
    KafkaOptions options =
        KafkaOptions.ONE_BROKER
            .withListener("SCRAM", "SASL_PLAINTEXT")
            .withListener("TLS", "SSL")
            .withListener("SCRAMTLS", "SASL_SSL")
            .withProperty(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .withProperty("super.users", "User:ANONYMOUS")
            .withProperty("sasl.enabled.mechanisms", "SCRAM-SHA-512")
            .withFormatArguments(
                "--add-scram", "SCRAM-SHA-512=[name=elanus,password=first]",
                "--add-scram", "SCRAM-SHA-512=[name=reader,password=second]",
                "--add-scram", "SCRAM-SHA-512=[name=stranger,password=third]");
    for (String listener : List.of("scram", "scramtls")) {
      options =
          options.withProperty(
              "listener.name.%s.scram-sha-512.sasl.jaas.config".formatted(listener),
              "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    }
    for (String listener : List.of("tls", "scramtls")) {
      String prefix = "listener.name.%s.ssl.".formatted(listener);
      options =
          options
              .withProperty(prefix + "keystore.type", "PKCS12")
              .withProperty(prefix + "keystore.location", broker.store().toString())
              .withProperty(prefix + "keystore.password", Certificate.PASSWORD)
              .withProperty(prefix + "key.password", Certificate.PASSWORD)
              .withProperty(prefix + "truststore.type", "PEM")
              .withProperty(prefix + "truststore.location", client.trusted().toString());
    }
    return options.withProperty("listener.name.tls.ssl.client.auth", "required");
  }

  @AfterAll
  static void stopBroker() {
    admin.close(Duration.ZERO);
    server.close();
  }

  private static void makeTopic(String name, int partitions, Map<String, String> settings)
      throws Exception {
    admin
        .createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
        .all()
        .get();
  }

  private static void allow(String user, String topic, AclOperation... operations)
      throws Exception {
    ResourcePattern resource = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
    admin
        .createAcls(
            Arrays.stream(operations)
                .map(operation ->
                    new AclBinding(
                        resource,
                        new AccessControlEntry(
                            "User:" + user, "*", operation, AclPermissionType.ALLOW)))
                .toList())
        .all()
        .get();
  }

  @Test
  void aUserWithAPasswordWritesAndReads() {
    writeAndRead(config("SCRAM", login("elanus", "first"), Optional.empty()));
  }

  @Test
  void aUserWithAPasswordWritesAndReadsEncrypted() {
    writeAndRead(config("SCRAMTLS", login("elanus", "first"), tls(Optional.empty())));
  }

  @Test
  void aCertificateIsAUserToo() {
    writeAndRead(config("TLS", Optional.empty(), tls(Optional.of(client.identity()))));
  }

  private static void writeAndRead(KafkaWalConfig config) {
    try (KafkaWal wal = KafkaWal.open(RUN, config)) {
      Position position = wal.append(LOG, new byte[] {42});
      try (WalReader reader = wal.tail(LOG, position)) {
        Deadline soon = Deadline.after(RUN, Duration.ofSeconds(10));
        assertThat(reader.poll(soon).getFirst().bytes()).containsExactly(42);
      }
      wal.trim(LOG, wal.end(LOG));
    }
  }

  @Test
  void aWrongPasswordIsSaid() {
    DbException error = refusal(config("SCRAM", login("elanus", "wrong"), Optional.empty()));

    assertThat(error.code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED);
    assertThat(error.text()).contains("SCRAM-SHA-512").doesNotContain("wrong");
  }

  @Test
  void aBrokerWhoseCertificateNobodyTrustsIsRefused() {
    Optional<KafkaSecurity.Tls> ofTheJdk = Optional.of(KafkaSecurity.Tls.OF_THE_JDK);

    DbException error = refusal(config("SCRAMTLS", login("elanus", "first"), ofTheJdk));

    assertThat(error.code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED);
    assertThat(error.text()).contains("SSL handshake failed");
  }

  @Test
  void whatAUserMayNotDoIsNamedAllAtOnce() {
    DbException error = refusal(config("SCRAM", login("reader", "second"), Optional.empty()));

    assertThat(error.text())
        .isEqualTo(
            "kafka topic 'secured' cannot be the log: 1. this user lacks the operation Write on it (with AWS IAM:"
                + " kafka-cluster:WriteData and kafka-cluster:WriteDataIdempotently); 2. this user lacks the"
                + " operation Delete on it (with AWS IAM: kafka-cluster:DeleteTopic)");
  }

  @Test
  void aUserWhoMayNotEvenLookIsToldSo() {
    DbException error = refusal(config("SCRAM", login("stranger", "third"), Optional.empty()));

    assertThat(error.code()).isEqualTo(ErrorCode.PRIVILEGE_NOT_PERMITTED);
    assertThat(error.text()).contains("needs Describe on it", "kafka-cluster:DescribeTopic");
  }

  @Test
  void aUserWhoMayNotMakeTheTopicIsToldSo() throws Exception {
    allow("elanus", "other", AclOperation.DESCRIBE);
    KafkaTopic other = new KafkaTopic("other", 2, 1, 1 << 20);
    KafkaWalConfig config = config("SCRAM", login("elanus", "first"), Optional.empty(), other);

    DbException error = refusal(config.creatingTopic());

    assertThat(error.code()).isEqualTo(ErrorCode.PRIVILEGE_NOT_PERMITTED);
    assertThat(error.text()).contains("needs Create", "kafka-cluster:CreateTopic");
  }

  @Test
  void aMissingTopicIsNamedWithWhatToMake() {
    KafkaTopic missing = new KafkaTopic("missing", 4, 1, 1 << 20);

    DbException error = refusal(KafkaWalConfig.of(server.bootstrapServers(), missing));

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
    assertThat(error.text())
        .contains("kafka topic 'missing' does not exist", "4 partitions", "retention.ms=-1");
  }

  @Test
  void allThatIsWrongWithATopicIsSaid() throws Exception {
    makeTopic("wrong", 3, Map.of("retention.ms", "1000", "max.message.bytes", "1000"));
    KafkaTopic wanted = new KafkaTopic("wrong", 4, 1, 1 << 20);

    DbException error = refusal(KafkaWalConfig.of(server.bootstrapServers(), wanted));

    assertThat(error.text())
        .contains(
            "1. it has 3 partitions, configured are 4 logs",
            "2. retention.ms is 1000, must be -1",
            "3. max.message.bytes is 1000");
  }

  @Test
  void brokersThatAreNotThereAreNamed() {
    KafkaWalConfig config =
        new KafkaWalConfig(
            "127.0.0.1:1",
            KafkaSecurity.NONE,
            TOPIC,
            false,
            true,
            KafkaWalConfig.DELIVERY_TIMEOUT,
            Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "500"));

    DbException error = refusal(config);

    assertThat(error.code()).isEqualTo(ErrorCode.LOG_FAILED);
    assertThat(error.text()).contains("no kafka broker at 127.0.0.1:1 can be used");
  }

  private static DbException refusal(KafkaWalConfig config) {
    return Assertions.catchThrowableOfType(
        DbException.class, () -> KafkaWal.open(RUN, config).close());
  }

  private static KafkaWalConfig config(
      String listener, Optional<KafkaLogin> login, Optional<KafkaSecurity.Tls> tls) {
    return config(listener, login, tls, TOPIC);
  }

  private static KafkaWalConfig config(
      String listener,
      Optional<KafkaLogin> login,
      Optional<KafkaSecurity.Tls> tls,
      KafkaTopic topic) {
    return KafkaWalConfig.of(server.bootstrapServers(listener), topic)
        .with(new KafkaSecurity(tls, login));
  }

  private static Optional<KafkaLogin> login(String user, String password) {
    return Optional.of(new KafkaLogin.Password(Mechanism.SCRAM_SHA_512, user, password));
  }

  private static Optional<KafkaSecurity.Tls> tls(Optional<Path> identity) {
    return Optional.of(
        new KafkaSecurity.Tls(Optional.of(broker.trusted()), identity, Optional.empty()));
  }
}
