package io.elanus.querynode;

import static io.elanus.querynode.Scenes.fill;
import static io.elanus.querynode.Scenes.spread;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.DataType;
import io.elanus.common.model.DefaultValue;
import io.elanus.common.model.Field;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.QueryShardResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A field that comes when rows are there, wherever a node has them.
class AddedFieldTest {
  private static final Field WINGS =
      new Field(
          103,
          "wings",
          "",
          DataType.INT64,
          false,
          false,
          false,
          false,
          true,
          Optional.of(new DefaultValue.IntValue(2)),
          Optional.empty(),
          Map.of());

  @TempDir Path folder;

  @Test
  void theLeaderReadsOfItInTheLogAndItsHoldersAskTheCatalog() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId leader = world.start(1);
      NodeId holder = world.start(2);
      spread(world, shard, leader, holder);

      world.addField(WINGS);
      requireWings(world, shard);
      world.insert(shard, 21, 22);
      requireWings(world, shard);
      world.flush(shard);
      requireWings(world, shard);
      assertThat(world.calls.get("querySegments")).isPositive();
    });
  }

  @Test
  void aReadThatNeedNotBeFreshWaitsForAFieldItNames() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      NodeId leader = world.start(1);
      fill(world, shard);
      world.lead(shard, leader);
      world.eventually("serves", () -> world.isServing(leader, shard));

      world.addField(WINGS);
      QueryShardResponse answer =
          world.askNode(
              leader,
              node ->
                  node.query(
                      Films.query(shard)
                          .setFreshness(Freshness.newBuilder().setLevel(Freshness.Level.EVENTUALLY))
                          .addOutputFieldIds(WINGS.id())
                          .build()));

      assertThat(answer.getColumns(1).getScalars().getLongData().getDataList()).containsOnly(2L);
    });
  }

  @Test
  void segmentsThatAreReadInPartsHaveItToo() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      fill(world, shard);
      world.downloadTime = Duration.ofSeconds(20);
      NodeId leader = world.start(1, Scenes.inParts(world, 1));
      world.lead(shard, leader);
      world.ask(shard, node -> node.query(Films.query(shard).build()));

      world.addField(WINGS);

      requireWings(world, shard);
      assertThat(world.rangedReads).isPositive();
    });
  }

  @Test
  void aNodeThatStartsLaterHasItFromTheCatalog() {
    simulate(world -> {
      ShardId shard = world.shard(0);
      fill(world, shard);
      world.addField(WINGS);
      world.insert(shard, 21, 22);
      world.flush(shard);
      NodeId leader = world.start(1);
      world.lead(shard, leader);

      requireWings(world, shard);
    });
  }

  private static void requireWings(ServingWorld world, ShardId shard) {
    QueryShardResponse answer =
        world.ask(
            shard, node -> node.query(Films.query(shard).addOutputFieldIds(WINGS.id()).build()));
    assertThat(answer.getRowCount()).isPositive();
    assertThat(answer.getColumns(1).getScalars().getLongData().getDataList())
        .hasSize((int) answer.getRowCount())
        .containsOnly(2L);
  }

  private void simulate(Consumer<ServingWorld> test) {
    ServingWorld.run(7, folder, 1, test);
  }
}
