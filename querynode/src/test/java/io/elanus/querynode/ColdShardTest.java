package io.elanus.querynode;

import static io.elanus.querynode.Scenes.cold;
import static io.elanus.querynode.Scenes.fill;
import static io.elanus.querynode.Scenes.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.proto.internal.QueryShardResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Shards that are read at a node that no route names.
class ColdShardTest {
  @TempDir Path folder;

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

  private void simulate(Consumer<ServingWorld> test) {
    ServingWorld.run(7, folder, 1, test);
  }
}
