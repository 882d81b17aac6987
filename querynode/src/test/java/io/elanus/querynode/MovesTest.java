package io.elanus.querynode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Task;
import io.elanus.proto.internal.LedShard;
import io.elanus.proto.internal.NodeStatusResponse;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Segments and shards that go from node to node, and what is asked of a node besides.
class MovesTest {
  @TempDir Path folder;

  @Test
  void aSegmentMovesBackAndForthUnderReadsWithoutAFailure() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      NodeId b = world.start(2);
      fill(world, shard);
      world.lead(shard, a);
      world.eventually("a serves", () -> world.isServing(a, shard));
      Set<SegmentId> all = Set.copyOf(world.segments(shard));

      try (Reading reading = new Reading(world, shard)) {
        for (int i = 0; i < 5; i++) {
          world.route(shard, a, Optional.empty(), Map.of(b, all));
          world.eventually("b holds all", () -> world.ready(b, shard).equals(all));
          world.eventually("a lets go", () -> world.ready(a, shard).isEmpty());
          world.write(shard);
          world.route(shard, a, Optional.empty(), Map.of(a, all, b, all));
          world.eventually("a holds all", () -> world.ready(a, shard).equals(all));
          world.lead(shard, a);
          world.eventually("b lets go", () -> world.ready(b, shard).isEmpty());
          world.write(shard);
        }
        reading.requireNoFailure();
      }
      assertThat(world.calls.get("querySegments")).isGreaterThan(10);
    });
  }

  @Test
  void aLeaderKeepsItsSegmentUntilTheHolderHasAnswered() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      fill(world, shard);
      world.lead(shard, a);
      world.eventually("a serves", () -> world.isServing(a, shard));
      Set<SegmentId> all = Set.copyOf(world.segments(shard));

      NodeId nobody = new NodeId(99);
      world.route(shard, a, Optional.empty(), Map.of(nobody, all));
      world.world.sleep(Duration.ofSeconds(20));

      assertThat(world.ready(a, shard)).isEqualTo(all);
      world.readSomething(shard);
    });
  }

  @Test
  void aHolderThatDiesIsReplacedByTheLeaderItself() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      NodeId b = world.start(2);
      spread(world, shard, a, b);

      try (Reading reading = new Reading(world, shard)) {
        world.kill(b);
        world.eventually(
            "a has taken all back",
            () -> world.ready(a, shard).equals(Set.copyOf(world.segments(shard))));
        reading.requireNoFailure();
      }
    });
  }

  @Test
  void aHolderThatDiesIsPassedOverForTheOtherOne() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      NodeId b = world.start(2);
      NodeId c = world.start(3);
      spread(world, shard, a, b);
      Set<SegmentId> all = Set.copyOf(world.segments(shard));
      world.route(shard, a, Optional.empty(), Map.of(b, all, c, all));
      world.eventually("c holds all", () -> world.ready(c, shard).equals(all));

      world.kill(b);
      for (int i = 0; i < 20; i++) {
        world.readSomething(shard);
      }

      assertThat(world.ready(a, shard)).as("nothing had to be taken back").isEmpty();
    });
  }

  @Test
  void aHolderThatStandsStillIsPassedOverToo() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      NodeId b = world.start(2);
      spread(world, shard, a, b);

      world.world.pause(world.node(b).process(), Duration.ofMinutes(1));

      world.readSomething(shard);
    });
  }

  @Test
  void deletesAreToldAgainToAHolderThatStartedAnew() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      NodeId b = world.start(2);
      world.insert(shard, 1, 2, 3, 4);
      world.flush(shard);
      spread(world, shard, a, b);
      world.delete(shard, 2, 3);
      assertThat(keys(world, shard)).containsExactly(1L, 4L);

      world.kill(b);
      world.start(2);
      world.eventually("b holds all again", () -> !world.ready(b, shard).isEmpty());
      int asked = world.calls.getOrDefault("querySegments", 0);

      assertThat(keys(world, shard)).containsExactly(1L, 4L);
      assertThat(world.calls.get("querySegments"))
          .as("told on demand: one call that says what is lacking, one that brings it")
          .isEqualTo(asked + 2);
      assertThat(keys(world, shard)).containsExactly(1L, 4L);
      assertThat(world.calls.get("querySegments")).isEqualTo(asked + 3);
    });
  }

  @Test
  void aManifestThatReplacesTheSegmentsOfAHolderIsTakenUnderReads() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      NodeId b = world.start(2);
      spread(world, shard, a, b);
      Set<SegmentId> before = Set.copyOf(world.segments(shard));

      try (Reading reading = new Reading(world, shard)) {
        for (int i = 0; i < 5; i++) {
          world.write(shard);
          world.flush(shard);
          world.owner(shard).compact(world.random);
          world.world.sleep(Duration.ofMillis(500));
        }
        reading.requireNoFailure();
      }

      assertThat(world.segments(shard)).doesNotContainAnyElementsOf(before);
      world.eventually(
          "a holds the new ones",
          () -> world.ready(a, shard).equals(Set.copyOf(world.segments(shard))));
    });
  }

  @Test
  void aShardGoesToItsNextLeaderWithoutAFailure() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      NodeId b = world.start(2);
      fill(world, shard);
      world.lead(shard, a);
      world.eventually("a serves", () -> world.isServing(a, shard));

      try (Reading reading = new Reading(world, shard)) {
        world.route(shard, a, Optional.of(b), Map.of());
        world.eventually("b serves beside a", () -> world.isServing(b, shard));
        assertThat(world.isServing(a, shard)).isTrue();
        world.lead(shard, b);
        world.eventually("a has let go", () -> !world.isServing(a, shard));
        reading.requireNoFailure();
      }
    });
  }

  @Test
  void aShardThatDoesNotFitSaysSoAndFitsWithHelp() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      fill(world, shard);
      long bytes = world.owner(shard).manifest().segments().getFirst().file().sizeBytes();
      NodeId a = world.start(1, small(world, 1, bytes - 1));
      NodeId b = world.start(2);
      world.lead(shard, a);
      world.eventually("a complains", () -> !led(world, a).getFailure().isEmpty());

      assertThat(led(world, a).getServing()).isFalse();
      assertThat(led(world, a).getFailure()).contains("does not fit the memory for data");
      Set<SegmentId> all = Set.copyOf(world.segments(shard));
      world.route(shard, a, Optional.empty(), Map.of(b, all));
      world.eventually("a serves", () -> world.isServing(a, shard));
      world.readSomething(shard);
      NodeStatusResponse status = world.status(b, 0, Duration.ZERO);
      assertThat(status.getMemoryUsedBytes())
          .isEqualTo(status.getSegmentsList().stream().mapToLong(s -> s.getSizeBytes()).sum());
    });
  }

  @Test
  void aHolderSaysWhyASegmentIsNotReady() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      fill(world, shard);
      NodeId a = world.start(1);
      NodeId b = world.start(2, small(world, 2, 10));
      world.route(shard, a, Optional.empty(), Map.of(b, Set.copyOf(world.segments(shard))));

      world.eventually(
          "b complains",
          () ->
              world.status(b, 0, Duration.ZERO).getSegmentsList().stream()
                  .anyMatch(held -> held.getFailure().contains("memory for data")));
      world.eventually(
          "the leader reads it itself",
          () -> {
            try {
              world.readSomething(shard);
              return true;
            } catch (DbException _) {
              return false;
            }
          });
    });
  }

  @Test
  void aColdShardIsReadWhereverItIsAskedForAndLetGoLater() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      fill(world, shard);

      QueryShardResponse cold = world.askNode(a, node -> node.query(cold(shard)));

      assertThat(cold.getRowCount()).isPositive();
      world.oracle(shard).check(cold(shard), _ -> true, cold);
      assertThat(world.isServing(a, shard)).isTrue();
      world.world.sleep(Duration.ofMinutes(4));
      assertThat(world.isServing(a, shard)).as("it may be asked again").isTrue();
      world.world.sleep(Duration.ofMinutes(2));
      assertThat(world.isServing(a, shard)).isFalse();
      assertThatThrownBy(() -> world.askNode(a, node -> node.query(Films.query(shard).build())))
          .isInstanceOfSatisfying(
              DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_NOT_MATCH));
    });
  }

  @Test
  void aColdShardGoesSoonWhenSomebodyElseIsToLeadIt() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      NodeId b = world.start(2);
      fill(world, shard);
      world.askNode(a, node -> node.query(cold(shard)));

      world.lead(shard, b);
      world.world.sleep(Duration.ofSeconds(40));

      assertThat(world.isServing(a, shard)).isFalse();
      assertThat(world.isServing(b, shard)).isTrue();
    });
  }

  @Test
  void aColdShardThatIsThenRoutedHereStays() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      fill(world, shard);
      world.askNode(a, node -> node.query(cold(shard)));

      world.lead(shard, a);
      world.world.sleep(Duration.ofMinutes(10));

      assertThat(world.isServing(a, shard)).isTrue();
    });
  }

  @Test
  void readsAreAnsweredBeforeTheFilesHaveArrived() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      fill(world, shard);
      world.downloadTime = Duration.ofSeconds(30);
      NodeId a = world.start(1, inParts(world, 1));

      long before = world.world.nanoTime();
      world.lead(shard, a);
      world.readSomething(shard);
      assertThat(Duration.ofNanos(world.world.nanoTime() - before))
          .isLessThan(Duration.ofSeconds(3));
      assertThat(led(world, a).getServing()).isFalse();
      assertThat(world.status(a, 0, Duration.ZERO).getMemoryUsedBytes()).isPositive();

      try (Reading reading = new Reading(world, shard)) {
        world.delete(shard, 3);
        world.eventually("all is here", () -> world.isServing(a, shard));
        world.delete(shard, 5);
        reading.requireNoFailure();
      }
      int ranges = world.rangedReads;
      world.readSomething(shard);
      assertThat(world.rangedReads).as("files are read from now on").isEqualTo(ranges);
      world.eventually(
          "the memory of the parts is given back",
          () -> world.status(a, 0, Duration.ZERO).getMemoryUsedBytes() == sizeBytes(world, shard));
    });
  }

  @Test
  void aColdShardIsReadInParts() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      fill(world, shard);
      world.downloadTime = Duration.ofSeconds(30);
      NodeId a = world.start(1, inParts(world, 1));

      QueryShardResponse cold = world.askNode(a, node -> node.query(cold(shard)));

      world.oracle(shard).check(cold(shard), _ -> true, cold);
    });
  }

  @Test
  void whatTheLeaderTakesBackIsReadInParts() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1, inParts(world, 1));
      NodeId b = world.start(2);
      fill(world, shard);
      world.route(shard, a, Optional.empty(), Map.of(b, Set.copyOf(world.segments(shard))));
      world.eventually("b holds all", () -> !world.ready(b, shard).isEmpty());
      world.readSomething(shard);

      world.downloadTime = Duration.ofSeconds(30);
      world.kill(b);
      for (int i = 0; i < 10; i++) {
        world.readSomething(shard);
      }
      world.eventually("all is here in the end", () -> world.isServing(a, shard));
    });
  }

  @Test
  void whatFitsAsAWholeFitsWhileItArrives() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      fill(world, shard);
      world.downloadTime = Duration.ofSeconds(2);
      long memoryBytes = sizeBytes(world, shard);
      NodeId a =
          world.start(
              1,
              new QueryNodeConfig(
                  world.cache(1), Long.MAX_VALUE, memoryBytes, 1, Duration.ofSeconds(2)));

      world.lead(shard, a);
      for (int i = 0; i < 10; i++) {
        world.readSomething(shard);
      }

      world.eventually("all is here", () -> world.isServing(a, shard));
      assertThat(world.rangedReads).isPositive();
    });
  }

  @Test
  void whatComesNewIsNotReadInPartsWhileTheFormerCanBe() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      fill(world, shard);
      NodeId a = world.start(1, inParts(world, 1));
      world.lead(shard, a);
      world.eventually("all is here", () -> world.isServing(a, shard));
      int ranges = world.rangedReads;

      world.downloadTime = Duration.ofSeconds(30);
      world.insert(shard, 21, 22);
      world.flush(shard);
      world.owner(shard).compact(world.random);
      for (int i = 0; i < 20; i++) {
        world.readSomething(shard);
      }
      world.eventually(
          "a has gone over",
          () -> led(world, a).getManifestVersion() == world.owner(shard).manifest().version());

      assertThat(world.rangedReads).isEqualTo(ranges);
    });
  }

  @Test
  void whatMovesToTheLeaderIsReadAtItsHolderUntilItIsThere() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1, inParts(world, 1));
      NodeId b = world.start(2);
      spread(world, shard, a, b);
      int ranges = world.rangedReads;

      world.downloadTime = Duration.ofSeconds(30);
      Set<SegmentId> all = Set.copyOf(world.segments(shard));
      world.route(shard, a, Optional.empty(), Map.of(a, all, b, all));
      for (int i = 0; i < 10; i++) {
        world.readSomething(shard);
      }
      world.eventually("a has them, too", () -> world.ready(a, shard).equals(all));

      assertThat(world.rangedReads).isEqualTo(ranges);
    });
  }

  @Test
  void aRangeThatIsDamagedIsNeverAnAnswer() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      fill(world, shard);
      world.damagedRanges = true;
      NodeId a = world.start(1, inParts(world, 1));

      world.lead(shard, a);
      for (int i = 0; i < 20; i++) {
        world.readSomething(shard);
      }

      assertThat(world.rangedReads).isPositive();
    });
  }

  @Test
  void aColumnThatIsDamagedOnItsWayWaitsForTheWholeFile() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      fill(world, shard);
      world.downloadTime = Duration.ofSeconds(2);
      NodeId a = world.start(1, inParts(world, 1));
      world.lead(shard, a);
      world.eventually("the parts are open", () -> led(world, a).getManifestVersion() > 0);

      world.damagedRanges = true;
      long before = world.world.nanoTime();
      QueryShardRequest all = Films.query(shard).build();
      world.oracle(shard).check(all, _ -> true, world.ask(shard, node -> node.query(all)));

      assertThat(Duration.ofNanos(world.world.nanoTime() - before))
          .isGreaterThan(Duration.ofSeconds(1));
    });
  }

  @Test
  void aColdShardThatDoesNotFitIsRefusedAtOnce() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      fill(world, shard);
      NodeId a = world.start(1, small(world, 1, 10));

      long before = world.world.nanoTime();
      assertThatThrownBy(() -> world.askNode(a, node -> node.query(cold(shard))))
          .isInstanceOfSatisfying(
              DbException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_LIMIT_EXCEEDED));
      assertThat(Duration.ofNanos(world.world.nanoTime() - before))
          .isLessThan(Duration.ofSeconds(2));
    });
  }

  @Test
  void aReadPlannedAgainstAnOlderCollectionIsRefused() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      fill(world, shard);
      world.lead(shard, a);
      world.eventually("a serves", () -> world.isServing(a, shard));

      assertThatThrownBy(() ->
              world.askNode(
                  a, node -> node.query(Films.query(shard).setCollectionVersion(2).build())))
          .isInstanceOfSatisfying(
              DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH));
      world.askNode(a, node -> node.query(Films.query(shard).setCollectionVersion(3).build()));
      world.askNode(a, node -> node.query(Films.query(shard).setCollectionVersion(4).build()));
    });
  }

  @Test
  void aStatusWaitsForAChange() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      fill(world, shard);
      long seen = world.status(a, 0, Duration.ofSeconds(30)).getSeen();

      long before = world.world.nanoTime();
      assertThat(world.status(a, seen, Duration.ofSeconds(3)).getSeen()).isEqualTo(seen);
      assertThat(Duration.ofNanos(world.world.nanoTime() - before))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(3));

      Task route = world.world.fork("route", () -> world.lead(shard, a));
      NodeStatusResponse now = world.status(a, seen, Duration.ofSeconds(30));
      while (!now.getShardsList().stream().anyMatch(LedShard::getServing)) {
        now = world.status(a, now.getSeen(), Duration.ofSeconds(30));
      }
      route.awaitEnd();
      assertThat(now.getShards(0).getProgress()).isEqualTo(100);
      assertThat(now.getShards(0).getManifestVersion())
          .isEqualTo(world.owner(shard).manifest().version());
      assertThat(now.getSegmentsCount()).isEqualTo(world.segments(shard).size());
      assertThat(Duration.ofNanos(world.world.nanoTime() - before))
          .isLessThan(Duration.ofSeconds(10));
    });
  }

  @Test
  void aNodeThatDrainsServesUntilNoRouteNamesIt() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      NodeId b = world.start(2);
      spread(world, shard, a, b);
      List<List<String>> left = new ArrayList<>();
      ServingWorld.Node leaving = world.node(a);
      Task drain =
          leaving
              .process()
              .fork(
                  "drain",
                  () ->
                      left.add(
                          leaving
                              .role()
                              .drain(Deadline.after(leaving.process(), Duration.ofSeconds(60)))));
      try (Reading reading = new Reading(world, shard)) {
        world.world.sleep(Duration.ofSeconds(3));
        assertThat(drain.isDone()).isFalse();
        assertThat(world.isDraining(a)).isTrue();
        world.route(shard, a, Optional.of(b), Map.of(b, Set.copyOf(world.segments(shard))));
        world.eventually("b serves", () -> world.isServing(b, shard));
        world.lead(shard, b);
        drain.awaitEnd();
        reading.requireNoFailure();
      }
      assertThat(left).containsExactly(List.of());
    });
  }

  @Test
  void aDrainThatNobodyHelpsEndsAtItsDeadlineAndSaysWhatIsLeft() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      world.lead(shard, a);
      world.eventually("a serves", () -> world.isServing(a, shard));
      List<String> left = new ArrayList<>();
      ServingWorld.Node leaving = world.node(a);

      leaving
          .process()
          .fork(
              "drain",
              () ->
                  left.addAll(
                      leaving
                          .role()
                          .drain(Deadline.after(leaving.process(), Duration.ofSeconds(5)))))
          .awaitEnd();

      assertThat(left).singleElement().asString().contains("route/").contains("names this node");
    });
  }

  @Test
  void aShardThatIsSlowToCloseKeepsNoOther() {
    simulate(
        2,
        world -> {
          ShardId slow = world.shard(0);
          ShardId quick = world.shard(1);
          NodeId a = world.start(1);
          fill(world, slow);
          fill(world, quick);
          world.stall(a, slow, Duration.ofMinutes(2));
          world.lead(slow, a);
          world.lead(quick, a);
          world.eventually("a serves the quick one", () -> world.isServing(a, quick));
          assertThat(world.isServing(a, slow)).isFalse();

          world.unroute(slow);
          world.unroute(quick);
          world.world.sleep(Duration.ofSeconds(1));

          assertThat(world.node(a).role().counts().ledShards()).isZero();
          world.lead(quick, a);
          world.eventually("a serves again", () -> world.isServing(a, quick));
        });
  }

  // ---- what the tests share

  private void simulate(Consumer<ServingWorld> test) {
    simulate(1, test);
  }

  private void simulate(int shards, Consumer<ServingWorld> test) {
    ServingWorld.run(7, folder, shards, test);
  }

  /// Some segments with rows of two partitions, and a tail.
  private static void fill(ServingWorld world, ShardId shard) {
    for (int i = 0; i < 3; i++) {
      world.insert(shard, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
      for (int j = 0; j < 8; j++) {
        world.write(shard);
      }
      world.flush(shard);
    }
    world.write(shard);
  }

  /// Led by `leader`, all segments held by `holder`.
  private static void spread(ServingWorld world, ShardId shard, NodeId leader, NodeId holder) {
    if (world.segments(shard).isEmpty()) {
      fill(world, shard);
    }
    Set<SegmentId> all = Set.copyOf(world.segments(shard));
    world.route(shard, leader, Optional.empty(), Map.of(holder, all));
    world.eventually("holder holds all", () -> world.ready(holder, shard).equals(all));
    world.eventually("leader serves", () -> world.isServing(leader, shard));
    world.eventually("leader holds none", () -> world.ready(leader, shard).isEmpty());
  }

  private static QueryNodeConfig small(ServingWorld world, int number, long memoryBytes) {
    return new QueryNodeConfig(
        world.cache(number), Long.MAX_VALUE, memoryBytes, Long.MAX_VALUE, Duration.ofSeconds(2));
  }

  private static long sizeBytes(ServingWorld world, ShardId shard) {
    return world.owner(shard).manifest().segments().stream()
        .mapToLong(segment -> segment.file().sizeBytes())
        .sum();
  }

  private static QueryNodeConfig inParts(ServingWorld world, int number) {
    return new QueryNodeConfig(
        world.cache(number), Long.MAX_VALUE, Long.MAX_VALUE, 1, Duration.ofSeconds(2));
  }

  private static QueryShardRequest cold(ShardId shard) {
    return Films.query(shard).setCold(true).build();
  }

  private static LedShard led(ServingWorld world, NodeId node) {
    return world.status(node, 0, Duration.ZERO).getShardsList().stream()
        .findFirst()
        .orElse(LedShard.getDefaultInstance());
  }

  private static List<Long> keys(ServingWorld world, ShardId shard) {
    return world
        .ask(shard, node -> node.query(Films.query(shard).build()))
        .getKeys()
        .getIntId()
        .getDataList();
  }

  /// Readers at work until closed.
  private static final class Reading implements AutoCloseable {
    private final List<Task> tasks = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private int answered;
    private boolean over;

    Reading(ServingWorld world, ShardId shard) {
      for (int i = 0; i < 3; i++) {
        tasks.add(world.world.fork("reader", () -> read(world, shard)));
      }
    }

    private void read(ServingWorld world, ShardId shard) {
      while (!over) {
        try {
          world.readSomething(shard);
          answered++;
        } catch (DbException | AssertionError e) {
          failures.add(e);
        }
        world.world.sleep(Duration.ofMillis(5));
      }
    }

    void requireNoFailure() {
      for (Throwable failure : failures) {
        throw new AssertionError("a read failed", failure);
      }
      assertThat(answered).isPositive();
    }

    @Override
    public void close() {
      over = true;
      tasks.forEach(Task::awaitEnd);
    }
  }
}
