package io.elanus.adapters.kafka;

import io.elanus.common.error.DbException;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Outcome;
import io.elanus.common.run.Promise;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Questions to the brokers that block until they are answered.
final class KafkaCalls implements AutoCloseable {
  private static final IsolationLevel UNCOMMITTED = IsolationLevel.READ_UNCOMMITTED;

  private final Run run;
  private final Admin admin;
  private final String topic;

  KafkaCalls(Run run, Admin admin, String topic) {
    this.run = run;
    this.admin = admin;
    this.topic = topic;
  }

  Admin admin() {
    return admin;
  }

  /// After the last record all in-sync replicas have, as far as the broker that takes itself for the leader
  /// knows: not linearizable where it can be wrong.
  long plainEnd(LogId log) {
    return offset(log, OffsetSpec.latest(), new ListOffsetsOptions(UNCOMMITTED), "end");
  }

  /// As [#plainEnd(LogId)], trying for `limit` at most.
  long plainEnd(LogId log, Duration limit) {
    ListOffsetsOptions options = new ListOffsetsOptions(UNCOMMITTED);
    return offset(log, OffsetSpec.latest(), options.timeoutMs((int) limit.toMillis()), "end");
  }

  /// Of the oldest record that is kept.
  long start(LogId log) {
    return offset(log, OffsetSpec.earliest(), new ListOffsetsOptions(UNCOMMITTED), "start");
  }

  private long offset(LogId log, OffsetSpec spec, ListOffsetsOptions options, String what) {
    TopicPartition partition = partition(log);
    return await(
            admin.listOffsets(Map.of(partition, spec), options).partitionResult(partition),
            "the %s of log %s cannot be asked for (needs Describe on topic %s)"
                .formatted(what, log, topic))
        .offset();
  }

  void deleteBefore(LogId log, long offset) {
    TopicPartition partition = partition(log);
    await(
        Objects.requireNonNull(
            admin
                .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                .lowWatermarks()
                .get(partition)),
        "log %s cannot be trimmed (needs Delete on topic %s)".formatted(log, topic));
  }

  /// The topic, with what this user may do to it; empty when there is none.
  Optional<TopicDescription> find(String name) {
    DescribeTopicsOptions options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
    try {
      return Optional.of(
          require(
              Objects.requireNonNull(
                  admin.describeTopics(Set.of(name), options).topicNameValues().get(name)),
              "kafka topic '%s' cannot be described (needs Describe on it; with AWS IAM: %s)"
                  .formatted(name, "kafka-cluster:DescribeTopic")));
    } catch (DbException e) {
      if (KafkaErrors.isCausedBy(e, UnknownTopicOrPartitionException.class)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// The topic's effective settings by name.
  Map<String, String> settings(String name) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
    Config config =
        require(
            Objects.requireNonNull(admin.describeConfigs(Set.of(resource)).values().get(resource)),
            "settings of kafka topic '%s' cannot be read (needs DescribeConfigs on it; with AWS IAM: %s)"
                .formatted(name, "kafka-cluster:DescribeTopicDynamicConfiguration"));
    return config.entries().stream()
        .filter(entry -> entry.value() != null)
        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
  }

  TopicPartition partition(LogId log) {
    return new TopicPartition(topic, log.value());
  }

  /// Waits for an answer.
  ///
  /// @param failed what to say when it failed
  /// @throws DbException `LOG_FAILED`, `CANCELED`
  <T> T await(KafkaFuture<T> future, String failed) {
    return await(future, error -> KafkaErrors.failed(error, failed));
  }

  /// As [#await(KafkaFuture, String)], for those who set a process up.
  ///
  /// @throws DbException `PRIVILEGE_NOT_PERMITTED` and `NOT_AUTHENTICATED` too
  <T> T require(KafkaFuture<T> future, String failed) {
    return await(future, error -> KafkaErrors.refused(error, failed));
  }

  /// The client's own limit of time ends every call.
  private <T> T await(KafkaFuture<T> future, Function<Throwable, DbException> failure) {
    Promise<T> promise = new Promise<>(run);
    future.whenComplete((value, error) ->
        promise.complete(
            error == null ? Outcome.done(value) : Outcome.failed(failure.apply(error))));
    return promise.await(Deadline.NEVER).orElseThrow().orThrow();
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
