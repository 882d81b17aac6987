package io.elanus.querynode;

import static io.elanus.querynode.Scenes.inParts;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Searches by lists of indexes whose files are on their way.
class ListsTest {
  private static final int ROWS = 6_000;
  private static final int LISTS = 64;
  private static final long VECTOR_BYTES = 4L * Films.DIMENSION * ROWS;

  @TempDir Path folder;

  @Test
  void aSearchReadsTheListsItProbes() {
    simulate(world -> {
      ShardId shard = shard(world);
      NodeId a = led(world, shard);

      long before = world.rangedBytes;
      search(world, shard, Films.search(shard, Films.vector(17), 1).setProbes(3).build());
      long first = world.rangedBytes - before;
      search(world, shard, Films.search(shard, Films.vector(17), 1).setProbes(3).build());

      assertThat(first).isBetween(1L, VECTOR_BYTES / 2);
      assertThat(world.rangedBytes - before).as("nothing comes twice").isEqualTo(first);
      assertThat(Scenes.led(world, a).getServing()).isFalse();
    });
  }

  @Test
  void rowsThatFewListsHaveAreFoundThere() {
    simulate(world -> {
      ShardId shard = shard(world);
      led(world, shard);

      long before = world.rangedBytes;
      SearchShardRequest few =
          Films.search(shard, Films.vector(17), 10)
              .setProbes(3)
              .setFilter(Films.tagBelow(6))
              .build();
      SearchShardResponse found = world.ask(shard, node -> node.search(few));

      world.oracle(shard).check(few, row -> row.tag() < 6, found);
      assertThat(found.getScoresCount()).isEqualTo(5);
      assertThat(world.rangedBytes - before).isLessThan(VECTOR_BYTES / 2);
    });
  }

  @Test
  void deletesThatComeMeanwhileCount() {
    simulate(world -> {
      ShardId shard = shard(world);
      led(world, shard);
      SearchShardRequest nearest = Films.search(shard, Films.vector(17), 1).setProbes(20).build();
      search(world, shard, nearest);

      world.delete(shard, 16);
      search(world, shard, nearest);
    });
  }

  @Test
  void whatNeedsAllVectorsBringsThem() {
    simulate(world -> {
      ShardId shard = shard(world);
      world.downloadTime = Duration.ofSeconds(2);
      led(world, shard);

      SearchShardRequest exact =
          Films.search(shard, Films.vector(17), 10).setProbes(3).setExact(true).build();

      search(world, shard, exact);
    });
  }

  @Test
  void anIndexThatIsDamagedOnItsWayIsNeverUsed() {
    simulate(world -> {
      ShardId shard = shard(world);
      world.downloadTime = Duration.ofSeconds(2);
      led(world, shard);
      world.damagedRanges = true;

      search(world, shard, Films.search(shard, Films.vector(17), 1).setProbes(3).build());
    });
  }

  @Test
  void aListThatIsDamagedOnItsWayWaitsForTheWholeFile() {
    simulate(world -> {
      ShardId shard = shard(world);
      world.downloadTime = Duration.ofSeconds(2);
      led(world, shard);
      search(world, shard, Films.search(shard, Films.vector(17), 1).setProbes(1).build());
      world.damagedRanges = true;

      search(world, shard, Films.search(shard, Films.vector(4_000), 1).setProbes(8).build());
    });
  }

  @Test
  void anIndexThatIsBadInTheBucketIsDoneWithout() {
    simulate(world -> {
      ShardId shard = shard(world);
      world.owner(shard).spoilIndexes();
      world.downloadTime = Duration.ofSeconds(1);
      led(world, shard);

      search(world, shard, Films.search(shard, Films.vector(17), 1).setProbes(3).build());
    });
  }

  @Test
  void theMemoryOfListsIsGivenBack() {
    simulate(world -> {
      ShardId shard = shard(world);
      NodeId a = led(world, shard);
      search(world, shard, Films.search(shard, Films.vector(17), 1).setProbes(3).build());

      world.eventually("all is here", () -> world.isServing(a, shard));
      long files =
          world.owner(shard).manifest().segments().stream()
              .mapToLong(segment ->
                  segment.file().sizeBytes() + segment.indexes().getFirst().file().sizeBytes())
              .sum();
      world.eventually(
          "the memory of the lists is given back",
          () -> world.status(a, 0, Duration.ZERO).getMemoryUsedBytes() == files);
    });
  }

  /// Of one segment with an index.
  private static ShardId shard(ServingWorld world) {
    ShardId shard = world.shard(0);
    world.insert(shard, LongStream.range(0, ROWS).toArray());
    world.flush(shard);
    world.owner(shard).index(LISTS);
    world.downloadTime = Duration.ofSeconds(30);
    return shard;
  }

  /// By a node that has no file yet.
  private static NodeId led(ServingWorld world, ShardId shard) {
    NodeId node = world.start(1, inParts(world, 1));
    world.lead(shard, node);
    world.eventually("the parts are open", () -> Scenes.led(world, node).getManifestVersion() > 0);
    return node;
  }

  private static void search(ServingWorld world, ShardId shard, SearchShardRequest request) {
    world.oracle(shard).check(request, _ -> true, world.ask(shard, node -> node.search(request)));
  }

  private void simulate(Consumer<ServingWorld> test) {
    ServingWorld.run(7, folder, 1, test);
  }
}
