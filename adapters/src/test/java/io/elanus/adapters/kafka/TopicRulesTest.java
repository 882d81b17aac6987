package io.elanus.adapters.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;

class TopicRulesTest {
  private static final KafkaTopic TOPIC = new KafkaTopic("log", 16, 3, 1 << 20);
  private static final KafkaTopic SINGLE = new KafkaTopic("log", 16, 1, 1 << 20);

  private static List<String> settings(KafkaTopic topic, String... changes) {
    Map<String, String> settings = new TreeMap<>(TopicRules.settings(topic));
    for (int i = 0; i < changes.length; i += 2) {
      settings.put(changes[i], changes[i + 1]);
    }
    return TopicRules.settingProblems(topic, name -> settings.getOrDefault(name, ""));
  }

  @Test
  void whatItMakesIsRight() {
    assertThat(settings(TOPIC)).isEmpty();
    assertThat(settings(SINGLE)).isEmpty();
    assertThat(TopicRules.shapeProblems(TOPIC, 16, replicas(3, 3))).isEmpty();
  }

  @Test
  void anythingThatCanLoseRecordsIsWrong() {
    assertThat(settings(TOPIC, "retention.ms", "604800000"))
        .containsExactly(
            "retention.ms is 604800000, must be -1: records not yet in the bucket would be lost by age");
    assertThat(settings(TOPIC, "retention.bytes", "1000")).hasSize(1);
    assertThat(settings(TOPIC, "cleanup.policy", "compact")).hasSize(1);
    assertThat(settings(TOPIC, "unclean.leader.election.enable", "true")).hasSize(1);
    assertThat(settings(TOPIC, "min.insync.replicas", "1"))
        .containsExactly(
            "min.insync.replicas is 1, must be at least 2, so that an acknowledged record has two copies");
    assertThat(settings(SINGLE, "min.insync.replicas", "1")).isEmpty();
  }

  @Test
  void aTopicThatWouldRefuseRecordsIsWrong() {
    assertThat(settings(TOPIC, "max.message.bytes", "1048576")).hasSize(1);
    assertThat(settings(TOPIC, "min.insync.replicas", "3"))
        .containsExactly("min.insync.replicas is 3 of 3 replicas: no broker could fail or restart");
  }

  @Test
  void allThatIsWrongIsSaid() {
    assertThat(settings(TOPIC, "retention.ms", "1", "cleanup.policy", "compact")).hasSize(2);
    assertThat(TopicRules.shapeProblems(TOPIC, 8, replicas(3, 1))).hasSize(2);
  }

  @Test
  void moreReplicasAreWrongOnlyWhereOneIsConfigured() {
    assertThat(TopicRules.shapeProblems(TOPIC, 16, replicas(5, 3))).isEmpty();
    assertThat(TopicRules.shapeProblems(SINGLE, 16, replicas(1, 1))).isEmpty();
    assertThat(TopicRules.shapeProblems(SINGLE, 16, replicas(1, 2)))
        .containsExactly(
            "its replication factor is 2, configured is 1: reassign its partitions or change the"
                + " configuration, of all processes at once");
  }

  private static IntSummaryStatistics replicas(int... ofPartitions) {
    return Arrays.stream(ofPartitions).summaryStatistics();
  }

  @Test
  void whatABrokerDoesNotTellIsNotWrong() {
    assertThat(TopicRules.settingProblems(TOPIC, _ -> "")).hasSize(0);
    assertThat(TopicRules.operationProblems(Set.of())).isEmpty();
    assertThat(TopicRules.versionProblems((short) 0)).isEmpty();
  }

  @Test
  void anOperationThatIsMissingIsNamedForBothKindsOfRights() {
    assertThat(
            TopicRules.operationProblems(
                Set.of(AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS, AclOperation.READ)))
        .containsExactly(
            "this user lacks the operation Write on it (with AWS IAM: kafka-cluster:WriteData and"
                + " kafka-cluster:WriteDataIdempotently)",
            "this user lacks the operation Delete on it (with AWS IAM: kafka-cluster:DeleteTopic)");
  }

  @Test
  void brokersBefore38AreTooOld() {
    assertThat(TopicRules.versionProblems((short) 19)).hasSize(1);
    assertThat(TopicRules.versionProblems((short) 20)).isEmpty();
  }
}
