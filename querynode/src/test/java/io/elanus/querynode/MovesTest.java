package io.elanus.querynode;

import static io.elanus.querynode.Scenes.fill;
import static io.elanus.querynode.Scenes.keys;
import static io.elanus.querynode.Scenes.led;
import static io.elanus.querynode.Scenes.small;
import static io.elanus.querynode.Scenes.spread;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.proto.internal.NodeStatusResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Segments and shards that go from node to node.
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

  private void simulate(Consumer<ServingWorld> test) {
    ServingWorld.run(7, folder, 1, test);
  }
}
