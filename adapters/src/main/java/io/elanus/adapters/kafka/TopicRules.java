package io.elanus.adapters.kafka;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.acl.AclOperation;

/// What a topic has to be to serve as the log. Pure: each rule says what is wrong and what to do, or
/// nothing.
final class TopicRules {
  /// What a topic is made with. Segments are what trimming frees, so they are smaller than Kafka's default.
  static Map<String, String> settings(KafkaTopic topic) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("retention.ms", "-1");
    settings.put("retention.bytes", "-1");
    settings.put("cleanup.policy", "delete");
    settings.put("unclean.leader.election.enable", "false");
    settings.put("compression.type", "producer");
    settings.put("min.insync.replicas", Integer.toString(minInSync(topic)));
    settings.put("max.message.bytes", Integer.toString(topic.maxMessageBytes()));
    settings.put("segment.bytes", Integer.toString(256 << 20));
    return settings;
  }

  /// Settings that have one right value, and what goes wrong with any other.
  private static final Map<String, Map.Entry<String, String>> FIXED =
      new TreeMap<>(
          Map.of(
              "retention.ms", Map.entry("-1", "records not yet in the bucket would be lost by age"),
              "retention.bytes",
                  Map.entry("-1", "records not yet in the bucket would be lost by size"),
              "cleanup.policy", Map.entry("delete", "records would be lost by compaction"),
              "unclean.leader.election.enable",
                  Map.entry("false", "a replica without acknowledged records could lead")));

  /// The operation a user needs on the topic, and the same as an action of AWS IAM.
  private static final Map<AclOperation, String> OPERATIONS =
      new EnumMap<>(
          Map.of(
              AclOperation.DESCRIBE, "kafka-cluster:DescribeTopic",
              AclOperation.DESCRIBE_CONFIGS, "kafka-cluster:DescribeTopicDynamicConfiguration",
              AclOperation.READ, "kafka-cluster:ReadData",
              AclOperation.WRITE, "kafka-cluster:WriteData and kafka-cluster:WriteDataIdempotently",
              AclOperation.DELETE, "kafka-cluster:DeleteTopic"));

  /// `metadata.version` of Kafka 3.8, the first whose level is 20.
  private static final short LEVEL_OF_3_8 = 20;

  private TopicRules() {}

  /// One replica may fail while writes go on; of a replicated topic, two have every acknowledged record.
  private static int minInSync(KafkaTopic topic) {
    return topic.isReplicated() ? Math.max(2, topic.replication() - 1) : 1;
  }

  /// @param replicas of each partition. More than configured do no harm (a reassignment has them for a
  ///     while), unless one is configured: then the end of a log is asked of the one broker that has it
  static List<String> shapeProblems(
      KafkaTopic topic, int partitionCount, IntSummaryStatistics replicas) {
    List<String> problems = new ArrayList<>();
    if (partitionCount != topic.logCount()) {
      problems.add(
          "it has %d partitions, configured are %d logs: the number is fixed for the life of a cluster"
              .formatted(partitionCount, topic.logCount()));
    }
    boolean tooMany = !topic.isReplicated() && replicas.getMax() > 1;
    if (replicas.getMin() < topic.replication() || tooMany) {
      problems.add(
          "its replication factor is %d, configured is %d: reassign its partitions or change the"
                  .formatted(tooMany ? replicas.getMax() : replicas.getMin(), topic.replication())
              + " configuration, of all processes at once");
    }
    return problems;
  }

  /// @param setting the topic's effective value by name; empty when the broker does not tell
  static List<String> settingProblems(KafkaTopic topic, Function<String, String> setting) {
    List<String> problems = new ArrayList<>();
    FIXED.forEach((name, right) -> {
      String found = setting.apply(name);
      if (!found.isEmpty() && !found.equals(right.getKey())) {
        problems.add(
            "%s is %s, must be %s: %s".formatted(name, found, right.getKey(), right.getValue()));
      }
    });
    atLeast(
        problems, setting, "max.message.bytes", topic.maxMessageBytes(), "the largest record fits");
    if (topic.isReplicated()) {
      atLeast(problems, setting, "min.insync.replicas", 2, "an acknowledged record has two copies");
      if (number(setting.apply("min.insync.replicas")) >= topic.replication()) {
        problems.add(
            "min.insync.replicas is %s of %d replicas: no broker could fail or restart"
                .formatted(setting.apply("min.insync.replicas"), topic.replication()));
      }
    }
    return problems;
  }

  private static void atLeast(
      List<String> problems, Function<String, String> setting, String name, long least, String so) {
    String found = setting.apply(name);
    if (!found.isEmpty() && number(found) < least) {
      problems.add("%s is %s, must be at least %d, so that %s".formatted(name, found, least, so));
    }
  }

  private static long number(String value) {
    return value.isEmpty() ? 0 : Long.parseLong(value);
  }

  /// @param granted empty when the cluster has no authorizer that tells
  static List<String> operationProblems(Set<AclOperation> granted) {
    if (granted.isEmpty() || granted.contains(AclOperation.ALL)) {
      return List.of();
    }
    return OPERATIONS.entrySet().stream()
        .filter(needed -> !granted.contains(needed.getKey()))
        .map(needed ->
            "this user lacks the operation %s on it (with AWS IAM: %s)"
                .formatted(aclName(needed.getKey()), needed.getValue()))
        .toList();
  }

  /// As `kafka-acls` takes it.
  private static String aclName(AclOperation operation) {
    return switch (operation) {
      case DESCRIBE -> "Describe";
      case DESCRIBE_CONFIGS -> "DescribeConfigs";
      case READ -> "Read";
      case WRITE -> "Write";
      case DELETE -> "Delete";
      default -> operation.name();
    };
  }

  /// @param level the highest `metadata.version` all brokers support; 0 when they do not tell
  static List<String> versionProblems(short level) {
    return level > 0 && level < LEVEL_OF_3_8
        ? List.of(
            "the brokers are older than 3.8 (metadata version level %d): update them"
                .formatted(level))
        : List.of();
  }
}
