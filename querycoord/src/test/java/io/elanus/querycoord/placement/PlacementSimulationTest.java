package io.elanus.querycoord.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.meta.Member;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.querycoord.serving.ReplicaKey;
import io.elanus.querycoord.serving.ServingChange;
import io.elanus.querycoord.serving.ServingEntries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Whole clusters at the level of plans: nodes come, go, leave and die, and after every step what placement
/// promises holds. With `-Delanus.results=docs/results/placement.md` the figures are written there.
class PlacementSimulationTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long VECTORS = 50_000_000;
  private static final long BYTES_PER_VECTOR = 3_500; // 768 float32, keys, links
  private static final int SEEDS = 100;

  private static final List<String> FIGURES = new ArrayList<>();

  @AfterAll
  static void write() throws IOException {
    String file = System.getProperty("elanus.results", "");
    if (!file.isEmpty()) {
      FIGURES.sort(null);
      Files.writeString(
          Path.of(file),
          """
          # Placement of segments and leaders

          Plans only, over simulated query nodes that bring two segments per step; no bytes are moved.
          Written by `PlacementSimulationTest` in module querycoord, run with
          `-Delanus.results=docs/results/placement.md`. After every step the test checks that no plan gives a
          node more than its memory, that no join, leave, flush or compaction leaves a served shard unserved,
          that a death is repaired by the next plan, and that nodes that have come to rest differ by at most
          one segment. *Least* is what has to be brought at any rate: the share of nodes that came, or what
          was lost.

          | What | Segments | Steps | Brought, GiB | Least, GiB | Ratio | In flight, most | Spread, MiB | Largest segment, MiB | ms per plan |
          |---|---|---|---|---|---|---|---|---|---|
          %s
          """
              .formatted(String.join("\n", FIGURES)));
    }
  }

  private static CollectionId fiftyMillion(SimulatedNodes nodes, int replicas, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    CollectionId collection = nodes.load(8, replicas);
    long left = VECTORS * BYTES_PER_VECTOR;
    for (int i = 0; left > 0; i++) {
      long size = Math.min(left, random.nextLong(100 * MIB, 1024 * MIB));
      nodes.flush(new ShardId(collection, i % 8), size);
      left -= size;
    }
    return collection;
  }

  @Test
  void fromTwoNodesToTwentyAtOnceAndBack() {
    SimulatedNodes nodes = new SimulatedNodes();
    fiftyMillion(nodes, 1, 1);
    nodes.join("", 128 * GIB);
    nodes.join("", 128 * GIB);
    nodes.settle();
    nodes.checkBalanced();
    SortedSet<ShardId> all = nodes.served();
    assertThat(all).hasSize(8);

    Meter out = new Meter(nodes);
    for (int i = 2; i < 20; i++) {
      nodes.join("", 128 * GIB);
    }
    int steps = settleServing(nodes, all);
    nodes.checkBalanced();
    long least = VECTORS * BYTES_PER_VECTOR * 18 / 20;
    assertThat(out.note("a. 2 to 20 nodes at once", steps, least)).isLessThan(1.1);

    Meter back = new Meter(nodes);
    nodes.members.keySet().stream().skip(2).toList().forEach(nodes::drain);
    steps = settleServing(nodes, all);
    nodes.checkBalanced();
    assertThat(nodes.state.routes().values())
        .allMatch(route -> route.nodes().stream().allMatch(node -> node.value() <= 2));
    assertThat(back.note("b. 20 to 2 nodes, all leave at once", steps, least)).isLessThan(1.1);
  }

  @Test
  void oneNodeAfterTheOther() {
    SimulatedNodes nodes = new SimulatedNodes();
    fiftyMillion(nodes, 1, 2);
    nodes.join("", 128 * GIB);
    nodes.join("", 128 * GIB);
    nodes.settle();
    SortedSet<ShardId> all = nodes.served();

    Meter out = new Meter(nodes);
    int steps = 0;
    long least = 0;
    for (int i = 3; i <= 20; i++) {
      nodes.join("", 128 * GIB);
      steps += settleServing(nodes, all);
      nodes.checkBalanced();
      least += VECTORS * BYTES_PER_VECTOR / i;
    }
    assertThat(out.note("c. 2 to 20 nodes one after the other", steps, least)).isLessThan(1.3);
  }

  @Test
  void losingAZoneLeavesEveryShardServed() {
    SimulatedNodes nodes = new SimulatedNodes();
    CollectionId collection = fiftyMillion(nodes, 2, 3);
    for (int i = 0; i < 18; i++) {
      nodes.join("zone-" + i % 3, 128 * GIB);
    }
    nodes.settle();
    nodes.checkBalanced();
    SortedSet<ShardId> all = nodes.served();
    assertThat(all).hasSize(8);

    Meter meter = new Meter(nodes);
    List<NodeId> zone = inZone(nodes, "zone-1");
    long lost =
        nodes.state.replicasOf(collection).keySet().stream()
            .map(nodes::held)
            .mapToLong(
                held -> zone.stream().mapToLong(node -> SimulatedNodes.bytes(held, node)).sum())
            .sum();
    zone.forEach(nodes::die);

    assertThat(nodes.served()).isEqualTo(all);
    nodes.plan();
    nodes.checkRepaired();
    int steps = settleServing(nodes, all);
    nodes.checkRepaired();
    nodes.checkBalanced();
    nodes.state.routes().keySet().forEach(key -> assertThat(nodes.isServed(key)).isTrue());
    assertThat(meter.note("d. 2 replicas, 1 of 3 zones lost", steps, lost)).isLessThan(2.5);
  }

  private static List<NodeId> inZone(SimulatedNodes nodes, String zone) {
    return nodes.members.values().stream()
        .filter(member -> member.zone().equals(zone))
        .map(Member::node)
        .toList();
  }

  private static int settleServing(SimulatedNodes nodes, SortedSet<ShardId> all) {
    for (int steps = 1; steps < 10_000; steps++) {
      long before = nodes.changes + nodes.segmentsLoaded;
      nodes.step();
      assertThat(nodes.served()).as("step %d", steps).containsAll(all);
      if (before == nodes.changes + nodes.segmentsLoaded) {
        return steps;
      }
    }
    throw new AssertionError("does not settle");
  }

  @Test
  void manySegmentsComeToRest() {
    SimulatedNodes nodes = new SimulatedNodes();
    CollectionId collection = nodes.load(4, 1);
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 4; i++) {
      nodes.flush(new ShardId(collection, i), random.longs(10_000, MIB, 8 * MIB).toArray());
    }
    for (int i = 0; i < 20; i++) {
      nodes.join("", 128 * GIB);
    }

    atRest("e. 40,000 segments of 4 shards on 20 nodes", nodes);
    assertThat(
            ServingEntries.write(
                        new ServingChange.PutRoute(
                            nodes.state.routes().firstKey(),
                            nodes.state.routes().firstEntry().getValue()))
                    instanceof MetaStore.Change.Put put
                ? put.value().length
                : 0)
        .as("bytes of a route of 10,000 segments")
        .isBetween(10_000, 100_000);
  }

  @Test
  void manyCollectionsComeToRest() {
    SimulatedNodes nodes = new SimulatedNodes();
    for (int i = 0; i < 2_000; i++) {
      CollectionId collection = nodes.load(1, 1);
      nodes.flush(new ShardId(collection, 0), MIB, (i % 10) * MIB + 1);
    }
    for (int i = 0; i < 20; i++) {
      nodes.join("", 128 * GIB);
    }

    atRest("f. 2,000 collections on 20 nodes", nodes);
  }

  /// Notes how long a plan takes that finds nothing to do.
  private static void atRest(String what, SimulatedNodes nodes) {
    nodes.loadsPerStep = Integer.MAX_VALUE;
    nodes.settle();
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      long before = System.nanoTime();
      assertThat(Placement.plan(nodes.state, nodes.observed()).changes()).isEmpty();
      best = Math.min(best, (System.nanoTime() - before) / 1e6);
    }
    FIGURES.add("| %s |  |  |  |  |  |  |  |  | %.1f |".formatted(what, best));
  }

  @Test
  void whateverHappensThePromisesHold() {
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        new RandomLife(seed).live();
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @Test
  void whatDoesNotFitIsNeverGivenToAnybody() {
    int tooSmall = 0;
    int whole = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SimulatedNodes nodes = new SimulatedNodes();
      int collections = random.nextInt(1, 4);
      for (int i = 0; i < collections; i++) {
        int shardCount = random.nextInt(1, 4);
        CollectionId collection = nodes.load(shardCount, random.nextInt(1, 3));
        for (int s = 0; s < shardCount; s++) {
          nodes.flush(
              new ShardId(collection, s),
              random.longs(random.nextInt(1, 10), MIB, 400 * MIB).toArray());
        }
      }
      List<NodeId> there = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        if (there.size() > 2 && random.nextInt(3) == 0) {
          nodes.die(there.remove(random.nextInt(there.size())));
        } else {
          there.add(nodes.join("zone-" + random.nextInt(3), random.nextLong(GIB / 2, 3 * GIB)));
        }
        nodes.plan(); // checks after every change
        nodes.step();
      }
      boolean lacking = !Placement.plan(nodes.state, nodes.observed()).shortages().isEmpty();
      tooSmall += lacking ? 1 : 0;
      nodes.settle();
      if (!lacking && Placement.plan(nodes.state, nodes.observed()).shortages().isEmpty()) {
        assertThat(nodes.served()).as("seed %d", seed).isEqualTo(nodes.contents.keySet());
        whole++;
      }
    }
    assertThat(tooSmall).as("clusters that were too small").isPositive();
    assertThat(whole).as("clusters that were large enough").isPositive();
  }

  /// A cluster to which anything may happen.
  private static final class RandomLife {
    private final SplittableRandom random;
    private final SimulatedNodes nodes = new SimulatedNodes();
    private final List<ShardId> shards = new ArrayList<>();
    private final int zones;
    private final int most;
    private final long memory;

    RandomLife(long seed) {
      random = new SplittableRandom(seed);
      zones = random.nextInt(1, 4);
      most = random.nextInt(4, 13);
      memory = random.nextBoolean() ? 0 : 64 * GIB;
      int collections = random.nextInt(1, 4);
      for (int i = 0; i < collections; i++) {
        int shardCount = random.nextInt(1, 4);
        CollectionId collection = nodes.load(shardCount, random.nextInt(1, 3));
        for (int s = 0; s < shardCount; s++) {
          ShardId shard = new ShardId(collection, s);
          shards.add(shard);
          int segments = random.nextInt(0, 20);
          for (int k = 0; k < segments; k++) {
            nodes.flush(shard, size());
          }
        }
      }
      for (int i = 0; i < 4; i++) {
        join();
      }
      nodes.settle();
    }

    private long size() {
      return random.nextInt(4) == 0 ? random.nextLong(1, MIB) : random.nextLong(MIB, 300 * MIB);
    }

    private void join() {
      nodes.join("zone-" + random.nextInt(zones), memory);
    }

    void live() {
      for (int i = 0; i < 40; i++) {
        SortedSet<ShardId> before = nodes.served();
        boolean death = happen();
        nodes.plan();
        if (death) {
          nodes.checkRepaired();
        } else {
          requireServed(before);
        }
        for (int steps = random.nextInt(4); steps > 0; steps--) {
          before = nodes.served();
          nodes.step();
          requireServed(before);
        }
      }
      nodes.settle();
      nodes.checkRepaired();
      nodes.checkBalanced();
      SimulatedNodes.check(
          nodes.served().equals(new TreeSet<>(shards)), "served is only %s", nodes.served());
    }

    private void requireServed(SortedSet<ShardId> before) {
      SortedSet<ShardId> lost = new TreeSet<>(before);
      lost.removeAll(nodes.served());
      SimulatedNodes.check(lost.isEmpty(), "%s are served no more", lost);
    }

    /// @return whether a node died
    private boolean happen() {
      List<NodeId> staying =
          nodes.members.values().stream()
              .filter(member -> !member.draining())
              .map(Member::node)
              .toList();
      ShardId shard = shards.get(random.nextInt(shards.size()));
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          if (nodes.members.size() < most) {
            join();
          }
        }
        case 2 -> {
          if (staying.size() > 3) {
            nodes.drain(staying.get(random.nextInt(staying.size())));
          }
        }
        case 3 -> {
          if (staying.size() > 3) {
            nodes.die(staying.get(random.nextInt(staying.size())));
            return true;
          }
        }
        case 4 -> nodes.flush(shard, size());
        default -> nodes.compact(shard);
      }
      return false;
    }
  }

  /// What it took since it was made.
  private static final class Meter {
    private final SimulatedNodes nodes;
    private final long bytes;
    private final long plans;
    private final long nanos;

    Meter(SimulatedNodes nodes) {
      this.nodes = nodes;
      this.bytes = nodes.bytesLoaded;
      this.plans = nodes.plans;
      this.nanos = nodes.planNanos;
      nodes.mostInFlight = 0;
    }

    /// @return bytes brought by what had to be brought
    double note(String what, int steps, long leastBytes) {
      long brought = nodes.bytesLoaded - bytes;
      double ratio = (double) brought / leastBytes;
      long segments = nodes.contents.values().stream().mapToLong(c -> c.segments().size()).sum();
      long largest =
          nodes.contents.values().stream()
              .flatMap(c -> c.segments().values().stream())
              .mapToLong(ShardContents.Segment::sizeBytes)
              .max()
              .orElse(0);
      FIGURES.add(
          "| %s | %d | %d | %.1f | %.1f | %.2f | %d | %d | %d | %.1f |"
              .formatted(
                  what,
                  segments,
                  steps,
                  brought / (double) GIB,
                  leastBytes / (double) GIB,
                  ratio,
                  nodes.mostInFlight,
                  spread() / MIB,
                  largest / MIB,
                  (nodes.planNanos - nanos) / 1e6 / (nodes.plans - plans)));
      return ratio;
    }

    /// The most by which two nodes of a replica differ.
    private long spread() {
      long spread = 0;
      for (ReplicaKey key : nodes.state.replicas().keySet()) {
        var held = nodes.held(key);
        List<Long> sizes =
            Placement.nodes(nodes.state, nodes.observed(), nodes.state.replicas().get(key)).stream()
                .map(node -> SimulatedNodes.bytes(held, node))
                .sorted()
                .toList();
        spread = Math.max(spread, sizes.getLast() - sizes.getFirst());
      }
      return spread;
    }
  }
}
