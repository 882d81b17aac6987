package io.elanus.querynode;

import static io.elanus.querynode.Scenes.cold;
import static io.elanus.querynode.Scenes.fill;
import static io.elanus.querynode.Scenes.inParts;
import static io.elanus.querynode.Scenes.led;
import static io.elanus.querynode.Scenes.sizeBytes;
import static io.elanus.querynode.Scenes.spread;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads of segments whose files are on their way.
class PartsTest {
  @TempDir Path folder;

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
  void aReadThatNeedsMostOfWhatArrivesWaitsForTheFiles() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      world.insert(shard, LongStream.range(0, 3_000).toArray());
      world.flush(shard);
      world.downloadTime = Duration.ofSeconds(5);
      NodeId a = world.start(1, inParts(world, 1));
      world.lead(shard, a);
      world.eventually("the parts are open", () -> led(world, a).getManifestVersion() > 0);

      long before = world.world.nanoTime();
      int ranges = world.rangedReads;
      QueryShardRequest most = Films.query(shard).addOutputFieldIds(Films.VECTOR).build();
      world.oracle(shard).check(most, _ -> true, world.ask(shard, node -> node.query(most)));
      assertThat(world.rangedReads).isEqualTo(ranges);
      assertThat(Duration.ofNanos(world.world.nanoTime() - before))
          .isGreaterThan(Duration.ofSeconds(3));
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
                  world.cache(1),
                  Long.MAX_VALUE,
                  memoryBytes,
                  1,
                  Long.MAX_VALUE,
                  Duration.ofSeconds(2)));

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

  private void simulate(Consumer<ServingWorld> test) {
    ServingWorld.run(7, folder, 1, test);
  }
}
