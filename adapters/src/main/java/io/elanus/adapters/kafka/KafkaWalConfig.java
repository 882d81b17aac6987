package io.elanus.adapters.kafka;

import io.elanus.common.error.ErrorCode;
import java.time.Duration;
import java.util.Map;

/// @param bootstrapServers `host:port`, separated by commas; any of the brokers
/// @param createTopic whether this process makes the topic when it is missing
/// @param development takes a topic with one copy of each record
/// @param deliveryTimeout how long an append is tried before its outcome is called unknown, 2 s to 10 min
/// @param clientProperties further settings of Kafka's clients; what safety rests on stays as it is
public record KafkaWalConfig(
    String bootstrapServers,
    KafkaSecurity security,
    KafkaTopic topic,
    boolean createTopic,
    boolean development,
    Duration deliveryTimeout,
    Map<String, String> clientProperties) {
  private static final Duration MIN_DELIVERY_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration MAX_DELIVERY_TIMEOUT = Duration.ofMinutes(10);

  /// Longer than a cluster takes to notice a dead leader and to choose another (some ten seconds with the
  /// brokers' defaults), so that most appends of that time succeed.
  public static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(30);

  public KafkaWalConfig {
    clientProperties = Map.copyOf(clientProperties);
    if (bootstrapServers.isBlank()) {
      throw ErrorCode.INVALID_PARAMETER.because("no kafka bootstrap servers are configured");
    }
    if (deliveryTimeout.compareTo(MIN_DELIVERY_TIMEOUT) < 0
        || deliveryTimeout.compareTo(MAX_DELIVERY_TIMEOUT) > 0) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "kafka delivery timeout is %s, must be from %s to %s",
          deliveryTimeout, MIN_DELIVERY_TIMEOUT, MAX_DELIVERY_TIMEOUT);
    }
    if (topic.replication() == 1 && !development) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "replication factor 1 of kafka topic '%s' loses acknowledged writes with one disk: it is for"
              + " development only and has to be allowed as such",
          topic.name());
    }
  }

  /// Unsecured, and with the defaults.
  public static KafkaWalConfig of(String bootstrapServers, KafkaTopic topic) {
    return new KafkaWalConfig(
        bootstrapServers,
        KafkaSecurity.NONE,
        topic,
        false,
        topic.replication() == 1,
        DELIVERY_TIMEOUT,
        Map.of());
  }

  public KafkaWalConfig creatingTopic() {
    return new KafkaWalConfig(
        bootstrapServers, security, topic, true, development, deliveryTimeout, clientProperties);
  }

  public KafkaWalConfig with(KafkaSecurity other) {
    return new KafkaWalConfig(
        bootstrapServers,
        other,
        topic,
        createTopic,
        development,
        deliveryTimeout,
        clientProperties);
  }

  public KafkaWalConfig withDeliveryTimeout(Duration timeout) {
    return new KafkaWalConfig(
        bootstrapServers, security, topic, createTopic, development, timeout, clientProperties);
  }

  /// Without the values of client properties, which may be secrets.
  @Override
  public String toString() {
    return ("KafkaWalConfig[bootstrapServers=%s, security=%s, topic=%s, createTopic=%s,"
            + " development=%s, deliveryTimeout=%s, clientProperties=%s]")
        .formatted(
            bootstrapServers,
            security,
            topic,
            createTopic,
            development,
            deliveryTimeout,
            clientProperties.keySet());
  }
}
