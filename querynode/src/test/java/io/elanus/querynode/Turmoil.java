package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Writes, flushes, rewritten segments, routes that change at random, nodes that die or stand still; while
/// readers read. Every answer must be right; when the turmoil is over, every read must be answered.
final class Turmoil {
  private static final int NODES = 3;
  private static final int STEPS = 60;

  private final ServingWorld world;
  private final RandomGenerator random;
  private final List<Throwable> wrong = new ArrayList<>();
  private boolean over;
  private int answered;

  Turmoil(ServingWorld world) {
    this.world = world;
    this.random = world.random;
  }

  /// @return reads that were answered
  int go() {
    world.downloadTime = Duration.ofMillis(random.nextInt(1_500));
    for (int i = 1; i <= NODES; i++) {
      start(i);
    }
    List<ShardId> shards = shards();
    shards.forEach(this::routeAnew);
    List<Task> readers = new ArrayList<>();
    for (ShardId shard : shards) {
      SimulatedProcess reader = world.world.process("reader-" + shard.index());
      readers.add(reader.fork("read", () -> readOn(reader, shard)));
    }
    for (int i = 0; i < STEPS && wrong.isEmpty(); i++) {
      step(shards.get(random.nextInt(shards.size())));
      world.world.sleep(Duration.ofMillis(random.nextInt(1, 300)));
    }
    over = true;
    readers.forEach(Task::awaitEnd);
    wrong.forEach(e -> {
      throw new AssertionError(e);
    });
    for (ShardId shard : shards) {
      for (int i = 0; i < 8; i++) {
        world.readSomething(shard);
      }
    }
    return answered;
  }

  private List<ShardId> shards() {
    List<ShardId> shards = new ArrayList<>();
    for (int i = 0; i < world.collection.shardCount(); i++) {
      shards.add(world.shard(i));
    }
    return shards;
  }

  /// A read that gets no answer in time proves nothing; a wrong one does.
  private void readOn(SimulatedProcess reader, ShardId shard) {
    while (!over && wrong.isEmpty()) {
      try {
        world.readSomething(shard);
        answered++;
      } catch (DbException _) {
        // no answer: the test goes on
      } catch (AssertionError e) {
        wrong.add(e);
      }
      reader.sleep(Duration.ofMillis(random.nextInt(1, 50)));
    }
  }

  private void step(ShardId shard) {
    switch (random.nextInt(18)) {
      case 0, 1 -> world.flush(shard);
      case 2 -> world.owner(shard).compact(random);
      case 3, 4, 5 -> routeAnew(shard);
      case 6 -> restart();
      case 7 ->
          world.world.pause(
              world.node(someNode()).process(), Duration.ofMillis(random.nextInt(10, 4_000)));
      case 8 -> world.mark(shard);
      case 9 -> world.unpin(shard);
      default -> world.write(shard);
    }
  }

  private NodeId someNode() {
    return new NodeId(random.nextInt(1, NODES + 1));
  }

  /// Named at random, also two nodes for one segment, also the leader; without regard to who has what.
  private void routeAnew(ShardId shard) {
    Map<NodeId, Set<SegmentId>> held = new TreeMap<>();
    for (SegmentId segment : world.segments(shard)) {
      int copies = random.nextInt(3);
      for (int i = 0; i < copies; i++) {
        held.computeIfAbsent(someNode(), _ -> new TreeSet<>()).add(segment);
      }
    }
    Optional<NodeId> next = random.nextInt(4) == 0 ? Optional.of(someNode()) : Optional.empty();
    world.route(shard, someNode(), next, held);
  }

  private void restart() {
    NodeId node = someNode();
    world.kill(node);
    start(Math.toIntExact(node.value()));
  }

  /// With little memory or a lot, with segments that are read in parts or only as a whole.
  private void start(int number) {
    long memoryBytes = random.nextInt(4) == 0 ? 14_000 : Long.MAX_VALUE;
    long partFromBytes = random.nextBoolean() ? 1 : Long.MAX_VALUE;
    world.start(
        number,
        new QueryNodeConfig(
            world.cache(number),
            20_000,
            memoryBytes,
            partFromBytes,
            Long.MAX_VALUE,
            Duration.ofSeconds(2)));
  }
}
