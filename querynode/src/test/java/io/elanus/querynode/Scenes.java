package io.elanus.querynode;

import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.proto.internal.LedShard;
import io.elanus.proto.internal.QueryShardRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What tests of nodes begin with.
final class Scenes {
  private Scenes() {}

  /// Some segments with rows of two partitions, and a tail.
  static void fill(ServingWorld world, ShardId shard) {
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
  static void spread(ServingWorld world, ShardId shard, NodeId leader, NodeId holder) {
    if (world.segments(shard).isEmpty()) {
      fill(world, shard);
    }
    Set<SegmentId> all = Set.copyOf(world.segments(shard));
    world.route(shard, leader, Optional.empty(), Map.of(holder, all));
    world.eventually("holder holds all", () -> world.ready(holder, shard).equals(all));
    world.eventually("leader serves", () -> world.isServing(leader, shard));
    world.eventually("leader holds none", () -> world.ready(leader, shard).isEmpty());
  }

  static QueryNodeConfig small(ServingWorld world, int number, long memoryBytes) {
    return new QueryNodeConfig(
        world.cache(number),
        Long.MAX_VALUE,
        memoryBytes,
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        Duration.ofSeconds(2));
  }

  static long sizeBytes(ServingWorld world, ShardId shard) {
    return world.owner(shard).manifest().segments().stream()
        .mapToLong(segment -> segment.file().sizeBytes())
        .sum();
  }

  static QueryNodeConfig withHeap(ServingWorld world, int number, long heapBytes) {
    return new QueryNodeConfig(
        world.cache(number),
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        heapBytes,
        Duration.ofSeconds(2));
  }

  static QueryNodeConfig inParts(ServingWorld world, int number) {
    return new QueryNodeConfig(
        world.cache(number),
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        1,
        Long.MAX_VALUE,
        Duration.ofSeconds(2));
  }

  static QueryShardRequest cold(ShardId shard) {
    return Films.query(shard).setCold(true).build();
  }

  static LedShard led(ServingWorld world, NodeId node) {
    return world.status(node, 0, Duration.ZERO).getShardsList().stream()
        .findFirst()
        .orElse(LedShard.getDefaultInstance());
  }

  static List<Long> keys(ServingWorld world, ShardId shard) {
    return world
        .ask(shard, node -> node.query(Films.query(shard).build()))
        .getKeys()
        .getIntId()
        .getDataList();
  }
}
