package io.elanus.adapters.kafka;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Makes Kafka's clients, with the settings the log rests on.
final class KafkaClients {
  /// Shorter than Kafka's default, so that a broker that stands still is noticed in time.
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

  /// How long the admin client tries a call.
  static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

  /// How long an append may wait to be sent: for room in the buffer, or to learn who leads.
  private static final Duration MAX_BLOCK = Duration.ofSeconds(2);

  /// All appends of this process that are not answered yet, and room for several of the largest records.
  private static final long BUFFER_BYTES = 64L << 20;

  /// Chosen by measurement (docs/results/kafka-wal.md).
  private static final int BATCH_BYTES = 256 << 10;

  private static final int FETCH_BYTES = 8 << 20;

  /// Clients of one process are told apart by their names.
  private static final AtomicInteger MADE = new AtomicInteger();

  private final KafkaWalConfig config;

  KafkaClients(KafkaWalConfig config) {
    this.config = config;
  }

  Admin admin() {
    return make(common("admin"), Admin::create);
  }

  /// Idempotent, for [LogAppender].
  KafkaProducer<byte[], byte[]> producer() {
    Map<String, Object> settings = common("producer");
    settings.remove("default.api.timeout.ms");
    settings.put("compression.type", "lz4");
    settings.put("batch.size", BATCH_BYTES);
    // Appends that come while requests are in flight share the next one: that is batch enough.
    settings.put("linger.ms", 0);
    settings.putAll(config.clientProperties());
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    settings.put("max.in.flight.requests.per.connection", 5);
    settings.put("max.block.ms", millis(MAX_BLOCK));
    settings.put("delivery.timeout.ms", millis(config.deliveryTimeout()));
    settings.put("request.timeout.ms", millis(requestTimeout()));
    settings.put("max.request.size", config.topic().maxMessageBytes());
    settings.put("buffer.memory", Math.max(BUFFER_BYTES, 4L * config.topic().maxMessageBytes()));
    ByteArraySerializer bytes = new ByteArraySerializer();
    return make(settings, all -> new KafkaProducer<>(all, bytes, bytes));
  }

  /// Several tries fit into the time an append has.
  private Duration requestTimeout() {
    Duration half = config.deliveryTimeout().dividedBy(2);
    return half.compareTo(REQUEST_TIMEOUT) < 0 ? half : REQUEST_TIMEOUT;
  }

  /// For [TailPump]: what comes is small.
  KafkaConsumer<byte[], byte[]> tailConsumer() {
    return consumer("tail", 1_000);
  }

  /// For [CatchUp]: what was fetched is handed out at once, because the next poll may be another reader's.
  KafkaConsumer<byte[], byte[]> catchUpConsumer() {
    return consumer("catch-up", 100_000);
  }

  /// Without a group: it reads where it is told to, and says so when that is impossible.
  private KafkaConsumer<byte[], byte[]> consumer(String purpose, int maxPollRecords) {
    Map<String, Object> settings = common(purpose);
    settings.put("fetch.max.bytes", FETCH_BYTES);
    settings.put("max.partition.fetch.bytes", FETCH_BYTES);
    settings.putAll(config.clientProperties());
    settings.put("max.poll.records", maxPollRecords);
    settings.put("auto.offset.reset", "none");
    settings.put("enable.auto.commit", false);
    settings.put("allow.auto.create.topics", false);
    settings.put("isolation.level", "read_uncommitted");
    settings.put("fetch.min.bytes", 1);
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    return make(settings, all -> new KafkaConsumer<>(all, bytes, bytes));
  }

  private Map<String, Object> common(String purpose) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("request.timeout.ms", millis(REQUEST_TIMEOUT));
    settings.put("default.api.timeout.ms", millis(CALL_TIMEOUT));
    settings.put("reconnect.backoff.max.ms", 1000);
    settings.put("metric.reporters", "");
    settings.put("enable.metrics.push", false);
    settings.putAll(config.clientProperties());
    settings.put("bootstrap.servers", config.bootstrapServers());
    settings.put("client.id", "elanus-%s-%d".formatted(purpose, MADE.incrementAndGet()));
    settings.putAll(config.security().clientProperties());
    return settings;
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }

  /// Nothing is sent yet: what fails here is a setting.
  private static <C> C make(Map<String, Object> settings, Function<Map<String, Object>, C> maker) {
    try {
      return maker.apply(settings);
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new DbException(
          ErrorCode.INVALID_PARAMETER, "kafka client cannot be made: " + cause.getMessage(), e);
    }
  }
}
