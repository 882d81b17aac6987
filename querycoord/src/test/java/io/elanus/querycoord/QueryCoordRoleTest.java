package io.elanus.querycoord;

import static io.elanus.querycoord.Town.FILMS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.CollectionId;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.proto.internal.ListReplicasRequest;
import io.elanus.proto.internal.ListSegmentsRequest;
import io.elanus.proto.internal.LoadCollectionRequest;
import io.elanus.proto.internal.MoveSegmentsRequest;
import io.elanus.proto.internal.ReleaseCollectionRequest;
import io.elanus.proto.internal.ReleasePartitionsRequest;
import io.elanus.proto.internal.ReplicaState;
import io.elanus.querycoord.serving.ServingState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Querycoord over a metastore and a bucket in memory.
class QueryCoordRoleTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void loadedShardsFollowTheNodes(long seed) {
    Town.simulate(
        seed,
        town -> {
          QueryCoordRole role = town.leading();
          town.indexed(FILMS, 3);
          town.comes(1);
          town.load(role, FILMS, 1);
          assertThat(town.routes()).isEqualTo("7/0@1 = 1; 7/1@1 = 1; 7/2@1 = 1");

          town.comes(2);
          assertThat(town.routes()).isEqualTo("7/0@1 = 2; 7/1@1 = 1; 7/2@1 = 1");

          town.goes(1);
          assertThat(town.routes()).isEqualTo("7/0@1 = 2; 7/1@1 = 2; 7/2@1 = 2");

          town.goes(2);
          assertThat(town.routes()).isEqualTo("7/0@1 = 2; 7/1@1 = 2; 7/2@1 = 2");

          role.service()
              .releaseCollection(
                  ReleaseCollectionRequest.newBuilder().setCollectionId(FILMS.value()).build());
          assertThat(town.stored()).isEqualTo(ServingState.EMPTY);
          role.close();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aLeaderIsReplacedOnlyWhenItsSuccessorServes(long seed) {
    Town.simulate(
        seed,
        town -> {
          QueryCoordRole role = town.leading();
          town.indexed(FILMS, 1);
          town.comes(1);
          town.load(role, FILMS, 1);
          town.nodes.saysNothing(2);
          town.comes(2);
          town.isAboutToLeave(1);
          assertThat(town.routes()).isEqualTo("7/0@1 = 1 -> 2");

          town.nodes.says(2, FakeQueryNodes.led(7, 0, 50, false));
          town.rest();
          assertThat(town.routes()).isEqualTo("7/0@1 = 1 -> 2");

          town.nodes.obeys(2);
          town.rest();
          assertThat(town.routes()).isEqualTo("7/0@1 = 2");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void segmentsFollowTheNodesAndTheManifests(long seed) {
    Town.simulate(
        seed,
        town -> {
          QueryCoordRole role = town.leading();
          town.indexed(FILMS, 1);
          town.manifest(0, 1, 10, 40, 30);
          town.comes(1);
          town.comes(2);
          town.load(role, FILMS, 1);
          assertThat(town.routes()).isEqualTo("7/0@1 = 1 2[11]");

          town.comes(3);
          town.manifest(0, 2, 10, 40, 30, 50);
          assertThat(town.routes()).isEqualTo("7/0@1 = 1 2[11] 3[10]");

          town.isAboutToLeave(2);
          assertThat(town.routes()).isEqualTo("7/0@1 = 1 3[10, 11]");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anotherCoordinatorGoesOnWhereTheDeadOneWas(long seed) {
    Town.simulate(
        seed,
        town -> {
          SimulatedProcess process = town.world.process("query");
          QueryCoordRole role = town.leading(process);
          town.indexed(FILMS, 1);
          town.manifest(0, 1, 10, 40, 30);
          town.comes(1);
          town.load(role, FILMS, 1);
          town.nodes.saysNothing(2);
          town.comes(2);
          assertThat(town.routes()).isEqualTo("7/0@1 = 1 1[11] 2[11]");
          assertThat(role.counts()).hasValue(new ServingCounts(1, 1, 2, 1, 0, 0, 0));

          town.world.kill(process);
          town.nodes.obeys(2);
          town.leading();
          town.rest();
          assertThat(town.routes()).isEqualTo("7/0@1 = 1 2[11]");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aCollectionIsLoadedOnlyWithItsIndexes(long seed) {
    Town.simulate(
        seed,
        town -> {
          QueryCoordRole role = town.leading();
          town.comes(1);
          assertThatThrownBy(() -> town.load(role, FILMS, 1))
              .hasMessage("collection not found[collection=7]");
          town.collection(FILMS, 1);
          assertThatThrownBy(() -> town.load(role, FILMS, 1))
              .hasMessage("index not found[collection=films]");
          town.index(FILMS, 102);
          assertThatThrownBy(() -> town.load(role, FILMS, 1))
              .hasMessage("there is no vector index on field: [v], please create index firstly");
          town.index(FILMS, 101);
          town.load(role, FILMS, 1);
          town.load(role, FILMS, 0);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aFieldThatIsNotLoadedNeedsNoIndex(long seed) {
    Town.simulate(
        seed,
        town -> {
          QueryCoordRole role = town.leading();
          town.comes(1);
          town.collection(FILMS, 1);
          town.index(FILMS, 101);
          LoadCollectionRequest.Builder request =
              LoadCollectionRequest.newBuilder()
                  .setCollectionId(FILMS.value())
                  .addFieldIds(100)
                  .addFieldIds(101);

          town.load(role, request);

          assertThat(town.state(role).getScope().getFieldIdsList()).containsExactly(100L, 101L);
          assertThatThrownBy(() -> town.load(role, FILMS, 1))
              .hasMessage("there is no vector index on field: [w], please create index firstly");
          town.index(FILMS, 102);
          assertThatThrownBy(() -> town.load(role, FILMS, 1))
              .hasMessageContaining("can't change the load field list for loaded collection");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void replicasNeedAsManyNodes(long seed) {
    Town.simulate(
        seed,
        town -> {
          QueryCoordRole role = town.leading();
          town.indexed(FILMS, 1);
          assertThatThrownBy(() -> town.load(role, FILMS, 1))
              .hasMessage(
                  "when load 1 replica count: service resource insufficient"
                      + "[currentStreamingNode=0][expectedStreamingNode=1]");
          town.comes(1);
          town.comes(2);
          assertThatThrownBy(() -> town.load(role, FILMS, 3))
              .hasMessage(
                  "when load 3 replica count: service resource insufficient"
                      + "[currentStreamingNode=2][expectedStreamingNode=3]");
          assertThat(town.stored()).isEqualTo(ServingState.EMPTY);

          town.load(role, FILMS, 2);
          assertThat(town.routes()).isEqualTo("7/0@1 = 1; 7/0@2 = 2");
          assertThat(town.state(role).getProgress()).isEqualTo(100);
          assertThatThrownBy(() -> town.load(role, FILMS, 1))
              .hasMessage(
                  "can't change the replica number for loaded collection: "
                      + "invalid parameter[expected=2][actual=1]");

          town.goes(1);
          assertThat(town.state(role).getProgress()).isEqualTo(100);
          town.comes(3);
          assertThat(town.routes()).isEqualTo("7/0@1 = 3; 7/0@2 = 2");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatDoesNotFitIsNotLoaded(long seed) {
    Town.simulate(
        seed,
        town -> {
          QueryCoordRole role = town.leading();
          town.indexed(FILMS, 1);
          town.manifest(0, 1, 10, 40, 30, 50);
          town.comes(1, 100);

          assertThatThrownBy(() -> town.load(role, FILMS, 1))
              .hasMessage("memory limit exceeded[predict(MB)=50][limit(MB)=100]")
              .isInstanceOfSatisfying(
                  DbException.class,
                  e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_LIMIT_EXCEEDED));
          assertThat(town.stored()).isEqualTo(ServingState.EMPTY);

          town.comes(2, 100);
          town.load(role, FILMS, 1);
          assertThat(town.state(role).getProgress()).isEqualTo(100);
          assertThat(town.routes()).isEqualTo("7/0@1 = 1 2[10, 11]");

          town.goes(2);
          assertThat(town.routes()).isEqualTo("7/0@1 = 1 2[10]");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatFitsNoMoreSaysWhyItGetsNoFurther(long seed) {
    Town.simulate(
        seed,
        town -> {
          QueryCoordRole role = town.leading();
          town.indexed(FILMS, 1);
          town.manifest(0, 1, 10, 40, 30, 50);
          town.comes(1, 200);
          town.load(role, FILMS, 1);

          town.comes(2, 60);
          town.nodes.says(2, FakeQueryNodes.led(7, 0, 30, false));
          town.goes(1);
          assertThat(town.state(role).getProgress()).isEqualTo(30);
          assertThat(town.state(role).getFailureCode()).isEqualTo(3);
          assertThat(town.state(role).getFailure()).startsWith("memory limit exceeded");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void partitionsAreLoadedAndReleasedOneByOne(long seed) {
    Town.simulate(
        seed,
        town -> {
          QueryCoordRole role = town.leading();
          town.indexed(FILMS, 1);
          town.comes(1);
          assertThatThrownBy(() -> town.load(role, partitions(3)))
              .hasMessage("partition not found[partition=3]");

          town.load(role, partitions(2));
          assertThat(scope(town, role)).containsExactly(2L);
          release(role, 1);
          assertThat(scope(town, role)).containsExactly(2L);

          town.load(role, partitions(1));
          assertThat(scope(town, role)).containsExactly(1L, 2L);
          release(role, 1);
          assertThat(scope(town, role)).containsExactly(2L);

          town.load(role, FILMS, 1);
          assertThat(scope(town, role)).isEmpty();
          release(role, 2);
          assertThat(town.state(role).getScope().getReleasedPartitionIdsList()).containsExactly(2L);
          town.rest();
          assertThat(town.stored().routes().values())
              .allMatch(route -> route.scope().released().size() == 1);

          release(role, 1, 2);
          assertThat(town.state(role).getWanted()).isFalse();
        });
  }

  private static LoadCollectionRequest.Builder partitions(long... ids) {
    LoadCollectionRequest.Builder request =
        LoadCollectionRequest.newBuilder().setCollectionId(FILMS.value());
    for (long id : ids) {
      request.addPartitionIds(id);
    }
    return request;
  }

  private static List<Long> scope(Town town, QueryCoordRole role) {
    return town.state(role).getScope().getPartitionIdsList();
  }

  private static void release(QueryCoordRole role, long... ids) {
    ReleasePartitionsRequest.Builder request =
        ReleasePartitionsRequest.newBuilder().setCollectionId(FILMS.value());
    for (long id : ids) {
      request.addPartitionIds(id);
    }
    role.service().releasePartitions(request.build());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aDroppedCollectionIsForgotten(long seed) {
    Town.simulate(
        seed,
        town -> {
          SimulatedProcess process = town.world.process("query");
          QueryCoordRole role = town.leading(process);
          town.comes(1);
          town.indexed(FILMS, 2);
          CollectionId books = new CollectionId(8);
          town.indexed(books, 1);
          town.load(role, FILMS, 1);
          town.load(role, books, 1);

          town.commit(new Change.Remove(MetaKeys.collection(FILMS)));
          assertThat(town.routes()).isEqualTo("8/0@2 = 1");

          town.world.kill(process);
          town.commit(new Change.Remove(MetaKeys.collection(books)));
          town.leading();
          town.rest();
          assertThat(town.stored()).isEqualTo(ServingState.EMPTY);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void progressIsTheMeanOfWhatTheLeadersSay(long seed) {
    Town.simulate(
        seed,
        town -> {
          QueryCoordRole role = town.leading();
          assertThat(town.state(role).getWanted()).isFalse();
          town.nodes.saysNothing(1);
          town.nodes.saysNothing(2);
          town.comes(1);
          town.comes(2);
          town.indexed(FILMS, 2);
          town.load(role, FILMS, 1);

          assertThat(town.routes()).isEqualTo("7/0@1 = 1; 7/1@1 = 2");
          assertThat(town.state(role).getWanted()).isTrue();
          assertThat(town.state(role).getProgress()).isEqualTo(0);

          town.nodes.says(1, FakeQueryNodes.led(7, 0, 100, true));
          town.nodes.says(2, FakeQueryNodes.led(7, 1, 40, false));
          town.rest();
          assertThat(town.state(role).getProgress()).isEqualTo(70);

          town.nodes.says(2, FakeQueryNodes.led(7, 1, 100, false));
          town.rest();
          assertThat(town.state(role).getProgress()).isEqualTo(99);

          town.nodes.says(2, FakeQueryNodes.led(7, 1, 100, true));
          town.rest();
          assertThat(town.state(role).getProgress()).isEqualTo(100);

          town.nodes.fails(2);
          town.goes(2);
          assertThat(town.state(role).getProgress()).isEqualTo(50);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anIdleClusterIsAskedRarelyAndWritesNothing(long seed) {
    Town.simulate(
        seed,
        town -> {
          QueryCoordRole role = town.leading();
          town.comes(1);
          town.indexed(FILMS, 2);
          town.load(role, FILMS, 1);
          town.world.sleep(Duration.ofMinutes(2));
          int asked = town.nodes.asked();
          long revision = town.meta.range("").revision();

          town.world.sleep(Duration.ofMinutes(10));

          assertThat(town.nodes.asked() - asked).isBetween(15, 25);
          assertThat(town.meta.range("").revision()).isEqualTo(revision);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whoServesWhatIsTold(long seed) {
    Town.simulate(
        seed,
        town -> {
          QueryCoordRole role = town.leading();
          town.indexed(FILMS, 1);
          town.manifest(0, 1, 10, 40, 30);
          town.comes(1);
          town.comes(2);
          town.load(role, FILMS, 1);

          List<ReplicaState> replicas =
              role.service()
                  .listReplicas(
                      ListReplicasRequest.newBuilder().setCollectionId(FILMS.value()).build())
                  .getReplicasList();
          assertThat(replicas).hasSize(1);
          assertThat(replicas.getFirst().getNodeIdsList()).containsExactly(1L, 2L);
          assertThat(replicas.getFirst().getShards(0).getLeaderAddress()).isEqualTo("host-1");
          assertThat(replicas.getFirst().getShards(0).getNodeIdsList()).containsExactly(1L, 2L);

          var segments =
              role.service()
                  .listSegments(
                      ListSegmentsRequest.newBuilder().setCollectionId(FILMS.value()).build())
                  .getSegmentsList();
          assertThat(segments).extracting(s -> s.getSegmentId()).containsExactly(10L, 11L);
          assertThat(segments.get(1).getNodeIdsList()).containsExactly(2L);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void segmentsMoveWhenSomebodyAsks(long seed) {
    Town.simulate(
        seed,
        town -> {
          QueryCoordRole role = town.leading();
          town.indexed(FILMS, 1);
          town.manifest(0, 1, 10, 40, 30, 20);
          town.comes(1);
          town.comes(2);
          town.load(role, FILMS, 1);
          assertThat(town.routes()).isEqualTo("7/0@1 = 1 2[11, 12]");
          assertThatThrownBy(() -> move(role, 3, 1, 11))
              .hasMessageStartingWith("source node not found in any replica of collection 7");
          assertThatThrownBy(() -> move(role, 1, 2, 11))
              .hasMessageStartingWith("segment not found in source node");

          move(role, 2, 1, 12);
          town.rest();

          assertThat(town.routes()).isEqualTo("7/0@1 = 1 2[11]");
        });
  }

  private static void move(QueryCoordRole role, long from, long to, long segment) {
    role.service()
        .moveSegments(
            MoveSegmentsRequest.newBuilder()
                .setCollectionId(FILMS.value())
                .setSourceNodeId(from)
                .addTargetNodeIds(to)
                .addSegmentIds(segment)
                .build());
  }
}
