package io.elanus.adapters.kafka;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.SupportedVersionRange;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks, before the log is used, at everything it stands on, and names all that is wrong at once.
final class TopicCheck {
  private static final Logger logger = LoggerFactory.getLogger(TopicCheck.class);
  private static final Duration CREATION_LIMIT = Duration.ofSeconds(30);
  private static final Duration CREATION_LOOK = Duration.ofMillis(20);

  private final Run run;
  private final KafkaCalls calls;
  private final KafkaWalConfig config;
  private final KafkaTopic topic;

  TopicCheck(Run run, KafkaCalls calls, KafkaWalConfig config) {
    this.run = run;
    this.calls = calls;
    this.config = config;
    this.topic = config.topic();
  }

  /// @return the topic's id
  /// @throws DbException see [KafkaWal#open]
  Uuid check() {
    short level = brokerLevel();
    TopicDescription found = calls.find(topic.name()).orElseGet(this::create);
    List<String> problems = new ArrayList<>(TopicRules.versionProblems(level));
    problems.addAll(TopicRules.shapeProblems(topic, found.partitions().size(), replicas(found)));
    problems.addAll(TopicRules.operationProblems(found.authorizedOperations()));
    if (maySeeSettings(found)) {
      Map<String, String> settings = settings();
      problems.addAll(TopicRules.settingProblems(topic, name -> settings.getOrDefault(name, "")));
    }
    if (!problems.isEmpty()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "kafka topic '%s' cannot be the log:%s", topic.name(), numbered(problems));
    }
    return found.topicId();
  }

  /// Else that it may not is among the problems.
  private static boolean maySeeSettings(TopicDescription found) {
    return found.authorizedOperations().isEmpty()
        || found.authorizedOperations().contains(AclOperation.DESCRIBE_CONFIGS);
  }

  private short brokerLevel() {
    SupportedVersionRange range =
        calls
            .require(
                calls.admin().describeFeatures().featureMetadata(),
                "no kafka broker at %s can be used".formatted(config.bootstrapServers()))
            .supportedFeatures()
            .get("metadata.version");
    return range == null ? 0 : range.maxVersion();
  }

  private TopicDescription create() {
    if (!config.createTopic()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "kafka topic '%s' does not exist: make it with %d partitions, replication factor %d and the"
              + " settings %s, or let one role make it",
          topic.name(), topic.logCount(), topic.replication(), TopicRules.settings(topic));
    }
    NewTopic wanted =
        new NewTopic(topic.name(), topic.logCount(), (short) topic.replication())
            .configs(TopicRules.settings(topic));
    try {
      calls.require(
          Objects.requireNonNull(
              calls.admin().createTopics(Set.of(wanted)).values().get(topic.name())),
          "kafka topic '%s' cannot be made (needs Create on it or on the cluster; with AWS IAM: %s)"
              .formatted(topic.name(), "kafka-cluster:CreateTopic"));
      logger.info("kafka topic made topic={} logs={}", topic.name(), topic.logCount());
    } catch (DbException e) {
      if (!KafkaErrors.isCausedBy(e, TopicExistsException.class)) {
        throw e;
      }
    }
    return awaitLeaders();
  }

  /// A topic is known before its partitions have leaders.
  private TopicDescription awaitLeaders() {
    Deadline limit = Deadline.after(run, CREATION_LIMIT);
    while (true) {
      Optional<TopicDescription> found = calls.find(topic.name()).filter(TopicCheck::isLed);
      if (found.isPresent()) {
        return found.get();
      }
      limit.check(run, "leaders of the partitions of kafka topic " + topic.name());
      run.sleep(CREATION_LOOK);
    }
  }

  /// One broker may learn of a new topic a moment after another.
  private Map<String, String> settings() {
    Deadline limit = Deadline.after(run, CREATION_LIMIT);
    while (true) {
      try {
        return calls.settings(topic.name());
      } catch (DbException e) {
        if (!KafkaErrors.isCausedBy(e, UnknownTopicOrPartitionException.class)
            || limit.hasPassed(run)) {
          throw e;
        }
      }
      run.sleep(CREATION_LOOK);
    }
  }

  private static boolean isLed(TopicDescription topic) {
    return topic.partitions().stream().allMatch(p -> p.leader() != null && !p.leader().isEmpty());
  }

  private static IntSummaryStatistics replicas(TopicDescription found) {
    return found.partitions().stream().mapToInt(p -> p.replicas().size()).summaryStatistics();
  }

  private static String numbered(List<String> problems) {
    return IntStream.range(0, problems.size())
        .mapToObj(i -> " %d. %s".formatted(i + 1, problems.get(i)))
        .collect(Collectors.joining(";"));
  }

  /// The last proof: a barrier is written, and the end asked for.
  static void tryBarrier(KafkaLog log, KafkaWalConfig config) {
    try {
      log.barrier();
    } catch (DbException e) {
      throw new DbException(
          e.code(),
          "a first write to kafka topic '%s' failed (needs Write on it; with AWS IAM: %s): %s"
              .formatted(
                  config.topic().name(),
                  "kafka-cluster:WriteData and kafka-cluster:WriteDataIdempotently",
                  e.text()),
          e);
    }
  }
}
