package io.elanus.querynode;

import static io.elanus.querynode.Scenes.fill;
import static io.elanus.querynode.Scenes.spread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Task;
import io.elanus.proto.internal.LedShard;
import io.elanus.proto.internal.NodeStatusResponse;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is asked of a node beside reads.
class NodeTest {
  @TempDir Path folder;

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
  void aTailThatIsSearchedALotIsGivenAGraph() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1);
      world.insert(shard, LongStream.range(0, 8_200).toArray());
      world.lead(shard, a);
      SearchShardRequest few = Films.search(shard, Films.vector(3), 1, 5).setEf(64).build();
      SearchShardResponse before = world.ask(shard, node -> node.search(few));
      assertThat(world.node(a).role().counts().tailGraphs()).isZero();

      SearchShardRequest many = Films.search(shard, Films.vector(3), 4_096, 1).setEf(64).build();
      world.ask(shard, node -> node.search(many));

      assertThat(world.node(a).role().counts().tailGraphs()).isEqualTo(1);
      assertThat(world.node(a).role().counts().tailGraphBytes()).isPositive();
      assertThat(world.ask(shard, node -> node.search(few)).getScoresList())
          .isEqualTo(before.getScoresList());
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReadThatNeedsMoreHeapThanThereIsForAllIsRefused(boolean elsewhere) {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId a = world.start(1, Scenes.withHeap(world, 1, 4 << 20));
      NodeId b = world.start(2, Scenes.withHeap(world, 2, 4 << 20));
      fill(world, shard);
      if (elsewhere) {
        spread(world, shard, a, b);
      } else {
        world.lead(shard, a);
        world.eventually("a serves", () -> world.isServing(a, shard));
      }
      List<Integer> found =
          world.askNode(a, node -> node.search(search(shard, 10))).getHitCountsList();
      assertThat(found).hasSize(10).doesNotContain(0);
      assertThatThrownBy(() -> world.askNode(a, node -> node.search(search(shard, 16_384))))
          .isInstanceOfSatisfying(
              DbException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_LIMIT_EXCEEDED))
          .hasMessageContaining("bytes of heap, reads have 4194304 bytes together");
      assertThat(world.node(a).role().counts().readHeapBytes()).isZero();
      assertThat(world.askNode(a, node -> node.search(search(shard, 10))).getHitCountsList())
          .isEqualTo(found);
    });
  }

  private static SearchShardRequest search(ShardId shard, int queries) {
    return Films.search(shard, Films.vector(3), queries, 16_384).build();
  }

  private void simulate(Consumer<ServingWorld> test) {
    simulate(1, test);
  }

  private void simulate(int shards, Consumer<ServingWorld> test) {
    ServingWorld.run(7, folder, shards, test);
  }
}
