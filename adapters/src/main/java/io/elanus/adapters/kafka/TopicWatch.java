package io.elanus.adapters.kafka;

import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.Uuid;

/// Looks from time to time whether the topic is still the one that was opened. Kafka's clients find topics
/// by name and go on with whatever they find under it.
///
/// A log that is written notices by itself (see [KafkaLog]); this is for logs that are only read.
final class TopicWatch {
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private TopicWatch() {}

  static Ticker start(Run run, KafkaCalls calls, String topic, Uuid id, List<KafkaLog> logs) {
    return Ticker.start(
        run,
        "kafka-topic",
        INTERVAL,
        () -> calls.find(topic).ifPresent(found -> look(found.topicId(), topic, id, logs)));
  }

  static void look(Uuid found, String topic, Uuid id, List<KafkaLog> logs) {
    if (!found.equals(id)) {
      String why = "topic %s was made anew: its id was %s and is %s".formatted(topic, id, found);
      logs.forEach(log -> log.halt(why));
    }
  }
}
