package io.elanus.querycoord.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.LoadScope;
import io.elanus.common.model.PartitionId;
import io.elanus.querycoord.placement.Plan.Shortage;
import io.elanus.querycoord.serving.ResourceGroup;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private final Scene scene = new Scene();

  // leaders

  @Test
  void newShardsAreSpreadByShardsLed() {
    scene.nodes(1, 2).loaded(7, 3).loaded(8, 2);

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1; 7/1@1 = 2; 7/2@1 = 1; 8/0@1 = 2; 8/1@1 = 1");
  }

  @Test
  void aNewShardWaitsUntilItIsKnownWhatItIsMadeOf() {
    scene.nodes(1).loaded(7, 2).unread(7, 1);

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1");
  }

  @Test
  void aNewShardIsNotGivenToANodeThatHasNotPutItDownYet() {
    scene.nodes(1, 2).loaded(7, 1).serving(1, 7, 0, 0);
    assertThat(scene.plan()).isEqualTo("7/0@1 = 2");

    scene.loaded(8, 1).serving(1, 8, 0, 0).serving(2, 8, 0, 0);
    assertThat(scene.plan()).isEmpty();
    scene.allReady();
    assertThat(scene.plan()).isEqualTo("8/0@1 = 1");
  }

  @Test
  void whatIsPlacedStays() {
    scene.nodes(1, 2).loaded(7, 2).route(7, 0, "1").route(7, 1, "2").allReady();

    assertThat(scene.plan()).isEmpty();
  }

  @Test
  void deadLeadersAreReplacedAtOnceByThoseThatLeadTheFewest() {
    scene.nodes(1, 3).loaded(7, 2).loaded(8, 1).route(7, 0, "1").route(7, 1, "2");

    assertThat(scene.plan()).isEqualTo("7/1@1 = 3; 8/0@1 = 1");
  }

  @Test
  void aDeadLeaderIsReplacedAlsoWhereItIsNotKnownWhatItsShardIsMadeOf() {
    scene.nodes(1).loaded(7, 1).unread(7, 0).route(7, 0, "2 3[10] 1[11]");

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1");
  }

  @Test
  void whoWasToLeadAnywayFollowsTheDead() {
    scene.nodes(1, 3, 4).loaded(7, 1).route(7, 0, "2 -> 4");

    assertThat(scene.plan()).isEqualTo("7/0@1 = 4");
  }

  @Test
  void aLeaderThatLeavesStaysUntilItsSuccessorServesNoOlderManifest() {
    scene.nodes(1, 2).loaded(7, 1).route(7, 0, "1").serving(1, 7, 0, 5).leaving(1);
    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 -> 2");

    scene.serving(2, 7, 0, 4);
    assertThat(scene.plan()).isEmpty();

    scene.serving(2, 7, 0, 5);
    assertThat(scene.plan()).isEqualTo("7/0@1 = 2");
  }

  @Test
  void aSuccessorThatLeavesItselfIsReplaced() {
    scene.nodes(1, 2, 3).loaded(7, 1).route(7, 0, "1 -> 2").serving(1, 7, 0, 0).leaving(1, 2);

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 -> 3");
  }

  @Test
  void theLastNodeKeepsWhatItHas() {
    scene.nodes(1).loaded(7, 1).route(7, 0, "1").allReady().leaving(1);

    assertThat(scene.plan()).isEmpty();
  }

  @Test
  void leadersMoveToANodeThatComesOneByOne() {
    scene.nodes(1).loaded(7, 4).loaded(8, 1);
    scene.plan();
    scene.allReady().nodes(2);

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 -> 2; 7/1@1 = 1 -> 2");
    scene.allReady();
    assertThat(scene.plan()).isEqualTo("7/0@1 = 2; 7/1@1 = 2");
    scene.allReady();
    assertThat(scene.plan()).isEmpty();
  }

  @Test
  void smallCollectionsAreSpreadAsWholes() {
    for (int collection = 1; collection <= 6; collection++) {
      scene.loaded(collection, 1).contents(collection, 0, 1, collection + "0:1");
    }
    scene.nodes(1);
    scene.plan();
    scene.allReady().nodes(2);

    assertThat(scene.plan()).isEqualTo("1/0@1 = 1 -> 2; 2/0@1 = 1 -> 2; 3/0@1 = 1 -> 2");
    scene.allReady();
    assertThat(scene.plan()).isEqualTo("1/0@1 = 2; 2/0@1 = 2; 3/0@1 = 2");
  }

  @Test
  void whatIsNotWantedAnyMoreIsTakenBack() {
    scene.nodes(1).loaded(7, 1).route(7, 0, "1").route(9, 0, "1").route(9, 1, "2").allReady();

    assertThat(scene.plan()).isEqualTo("remove 9/0@1; remove 9/1@1");
  }

  @Test
  void withoutNodesEverythingStays() {
    scene.loaded(7, 2).group("a", 1, 1, 5).route(7, 0, "1 -> 2 3[4]");

    assertThat(scene.plan()).isEmpty();
  }

  // segments

  @Test
  void aNewShardsSegmentsAreSpreadBySize() {
    scene.nodes(1, 2, 3).loaded(7, 1).contents(7, 0, 1, "10:50 11:40 12:30 13:20 14:10");

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 2[11, 14] 3[12, 13]");
  }

  @Test
  void aSmallShardIsItsLeadersAlone() {
    scene.nodes(1, 2).loaded(7, 1).contents(7, 0, 1, "10:3 11:3");

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1");
  }

  @Test
  void whatANewNodeGetsIsListedTwiceUntilItIsReady() {
    scene.nodes(1).loaded(7, 1).contents(7, 0, 1, "10:40 11:30 12:20 13:10");
    scene.plan();
    scene.allReady().nodes(2);

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 1[10] 2[10]");
    assertThat(scene.plan()).isEmpty();

    scene.ready(2, 10);
    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 2[10]");
    assertThat(scene.plan()).isEmpty();
  }

  @Test
  void nothingMovesThatWouldNotBringNodesCloser() {
    scene
        .nodes(1, 2)
        .loaded(7, 1)
        .contents(7, 0, 1, "10:40 11:20 12:30 13:10")
        .route(7, 0, "1 2[12, 13]")
        .allReady();

    assertThat(scene.plan()).isEmpty();
  }

  @Test
  void aNodeTakesFewSegmentsAtATime() {
    StringBuilder segments = new StringBuilder();
    for (int i = 10; i < 40; i++) {
      segments.append(i == 10 ? "" : " ").append(i).append(":10");
    }
    scene.nodes(1).loaded(7, 1).contents(7, 0, 1, segments.toString());
    scene.plan();
    scene.allReady().nodes(2);

    int steps = 0;
    while (!scene.plan().isEmpty()) {
      assertThat(scene.look().inFlight().segments())
          .isLessThanOrEqualTo(SegmentBalance.ARRIVING_MAX);
      scene.allReady();
      steps++;
    }
    assertThat(steps).isEqualTo(5);
    assertThat(scene.route(7, 0)).contains("2[").doesNotContain("1[");
    assertThat(scene.route(7, 0).split(",")).hasSize(15);
  }

  @Test
  void segmentsOfADeadNodeAreSpreadAtOnce() {
    scene
        .nodes(1, 3)
        .loaded(7, 1)
        .contents(7, 0, 1, "10:40 11:30 12:20 13:10")
        .route(7, 0, "1 2[11, 12] 3[13]")
        .allReady()
        .gone(2);

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 3[11, 13]");
  }

  @Test
  void aMoveToADeadNodeIsOff() {
    scene
        .nodes(1)
        .loaded(7, 1)
        .contents(7, 0, 1, "10:40 11:30")
        .route(7, 0, "1[11] 2[11]")
        .allReady()
        .gone(2);

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1");
  }

  @Test
  void aMoveFromADeadNodeIsDone() {
    scene
        .nodes(1, 3)
        .loaded(7, 1)
        .contents(7, 0, 1, "10:40 11:30")
        .route(7, 0, "1 2[11] 3[11]")
        .allReady()
        .gone(2);

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 3[11]");
  }

  @Test
  void aLeadersSegmentsAreNamedWhileSomebodyElseIsToLead() {
    scene
        .nodes(1, 2)
        .loaded(7, 1)
        .contents(7, 0, 1, "10:40 11:40")
        .route(7, 0, "1 2[11]")
        .allReady()
        .leaving(1);

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 -> 2 1[10] 2[10, 11]");
    scene.ready(2, 10).serving(2, 7, 0, 1);
    assertThat(scene.plan()).isEqualTo("7/0@1 = 2");
  }

  @Test
  void aNodeThatLeavesKeepsItsSegmentsUntilOthersHaveThem() {
    scene
        .nodes(1, 2, 3)
        .loaded(7, 1)
        .contents(7, 0, 1, "10:40 11:30 12:20")
        .route(7, 0, "1 2[11] 3[12]")
        .allReady()
        .leaving(2);

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 2[11] 3[11, 12]");
    scene.ready(3, 11);
    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 3[11, 12]");
  }

  @Test
  void aSegmentTheManifestHasNoMoreStaysUntilTheLeaderReadsThatManifest() {
    scene
        .nodes(1, 2)
        .loaded(7, 1)
        .contents(7, 0, 4, "10:40 11:30")
        .route(7, 0, "1 2[11]")
        .allReady()
        .contents(7, 0, 5, "10:40 12:30");
    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 1[12] 2[11, 12]");

    scene.serving(1, 7, 0, 5);
    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 1[12] 2[12]");
  }

  @Test
  void onlyTheSegmentsOfLoadedPartitionsArePlaced() {
    LoadScope second = LoadScope.of(Set.of(new PartitionId(2)), Set.of());
    scene.nodes(1, 2).loaded(7, 1, 1, second).contents(7, 0, 1, "10:40:1 11:30:2 12:20:2");

    scene.plan();

    assertThat(scene.route(7, 0)).isEqualTo("1 2[12]");
    assertThat(scene.state().routes().values()).allMatch(route -> route.scope().equals(second));
  }

  // memory

  @Test
  void noNodeIsGivenMoreThanItsMemory() {
    scene.node(1, "", 100).node(2, "", 60).loaded(7, 1).contents(7, 0, 1, "10:40 11:40 12:40");

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 2[11]");
    assertThat(scene.look().shortages()).isEmpty();
  }

  @Test
  void aShardThatDoesNotFitIsNotBegun() {
    scene
        .node(1, "", 100)
        .node(2, "", 60)
        .loaded(7, 1)
        .contents(7, 0, 1, "10:40 11:40 12:40 13:40");

    assertThat(scene.plan()).isEmpty();
    assertThat(scene.look().shortages()).containsOnlyKeys(new CollectionId(7));
  }

  @Test
  void whatADeadNodeHadAndNobodyHasRoomForStaysWithIt() {
    scene
        .node(1, "", 100)
        .loaded(7, 1)
        .contents(7, 0, 1, "10:40 11:40 12:40")
        .route(7, 0, "1 2[11, 12]")
        .allReady();

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 2[12]");
    assertThat(scene.look().shortages().get(new CollectionId(7)))
        .isEqualTo(new Shortage(40 << 20, 4 << 20));

    scene.node(3, "", 100);
    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 3[12]");
  }

  // several collections

  @Test
  void nodesAreLevelledAlsoByCollectionsThatCannotBeSplit() {
    scene.nodes(1).loaded(7, 1).contents(7, 0, 1, "10:40").loaded(8, 1).contents(8, 0, 1, "20:40");
    scene.plan();
    scene.allReady().nodes(2);

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 -> 2 1[10] 2[10]");
  }

  // replicas

  @Test
  void replicasHaveNodesOfTheirOwn() {
    scene.nodes(1, 2, 3).loaded(7, 1, 2, LoadScope.WHOLE);

    assertThat(scene.plan())
        .isEqualTo("replica 7@1 = [1, 3]; replica 7@2 = [2]; 7/0@1 = 1; 7/0@2 = 2");
  }

  @Test
  void aNodeThatComesJoinsTheReplicaWithLess() {
    scene.nodes(1, 2).loaded(7, 1, 2, LoadScope.WHOLE).contents(7, 0, 1, "10:40 11:40");
    scene.plan();
    scene.allReady().nodes(3);

    assertThat(scene.plan()).isEqualTo("replica 7@1 = [1, 3]; 7/0@1 = 1 1[11] 3[11]");
  }

  @Test
  void aNodeServesItsFormerReplicaUntilThatNeedsItNoMore() {
    scene
        .nodes(1, 2, 3, 4)
        .loaded(7, 2, 2, LoadScope.WHOLE)
        .replica(7, 1, ResourceGroup.DEFAULT_NAME, 1, 2, 3)
        .replica(7, 2, ResourceGroup.DEFAULT_NAME, 4)
        .route(7, 0, 1, "3")
        .route(7, 1, 1, "1")
        .route(7, 0, 2, "4")
        .route(7, 1, 2, "4")
        .allReady();

    assertThat(scene.planStep())
        .isEqualTo("replica 7@1 = [1, 2]; replica 7@2 = [3, 4]; 7/0@1 = 3 -> 2");
    scene.allReady();
    assertThat(scene.planStep()).isEqualTo("7/0@1 = 2");
    scene.allReady();
    assertThat(scene.planStep()).isEqualTo("7/0@2 = 4 -> 3");
  }

  @Test
  void theLastNodeOfAReplicaMayLeaveWhereAnotherReplicaServes() {
    scene
        .nodes(1, 2)
        .loaded(7, 1, 2, LoadScope.WHOLE)
        .replica(7, 1, ResourceGroup.DEFAULT_NAME, 1)
        .replica(7, 2, ResourceGroup.DEFAULT_NAME, 2)
        .route(7, 0, 1, "1")
        .route(7, 0, 2, "2")
        .leaving(1);
    assertThat(scene.planStep()).startsWith("replica 7@1 = []");

    scene.allReady();
    assertThat(scene.planStep()).isEqualTo("remove 7/0@1");
  }

  // resource groups

  @Test
  void aReplicaUsesTheNodesOfItsGroupOnly() {
    scene.nodes(1, 2, 3).group("a", 1, 2, 2).loaded(7, 2).replica(7, 1, "a");

    assertThat(scene.plan()).isEqualTo("7/0@1 = 2; 7/1@1 = 2");
  }

  @Test
  void aReplicaThatChangesItsGroupKeepsServing() {
    scene.nodes(1, 2).group("a", 1, 1, 2).loaded(7, 1).route(7, 0, "1").allReady();
    scene.replica(7, 1, "a");

    assertThat(scene.plan()).isEqualTo("7/0@1 = 1 -> 2");
  }

  @Test
  void aGroupThatLosesANodeGetsAnotherOne() {
    scene.nodes(1, 2, 3).group("a", 2, 2, 2, 9).loaded(7, 1);

    assertThat(scene.plan()).startsWith("group a = [2, 3]");
  }
}
