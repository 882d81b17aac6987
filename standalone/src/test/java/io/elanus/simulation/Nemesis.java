package io.elanus.simulation;

import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// What befalls whole processes: kills and restarts, pauses beyond every lease, clocks that jump, logs that
/// lose what was not durable, a metastore that forgets its history.
final class Nemesis {
  private final SimulatedCluster cluster;
  private final SimulatedRun world;
  private final RandomGenerator random;
  private final int pauseMillis;

  /// @param pauseMillis between two blows, at most
  Nemesis(SimulatedCluster cluster, int pauseMillis) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.random = world.random();
    this.pauseMillis = pauseMillis;
  }

  /// Until `end`, on the clock of the world.
  void rage(long end) {
    while (world.nanoTime() < end) {
      world.sleep(Duration.ofMillis(random.nextInt(100, pauseMillis)));
      strike();
    }
  }

  private void drain() {
    List<Node> nodes = cluster.alive(Node.Kind.DATANODE);
    if (!nodes.isEmpty()) {
      cluster.drainAndRestart(nodes.get(random.nextInt(nodes.size())));
    }
  }

  private Duration clockShift() {
    int most = Math.toIntExact(cluster.plant().maxClockShift().toMillis());
    return Duration.ofMillis(random.nextInt(-most, most));
  }

  private void strike() {
    List<Node> alive = cluster.alive();
    if (alive.isEmpty()) {
      return;
    }
    Node victim = alive.get(random.nextInt(alive.size()));
    switch (random.nextInt(13)) {
      case 0, 1, 2, 3 -> cluster.killAndRestart(victim);
      case 4, 5, 6 -> world.pause(victim.process(), cluster.chaos().freeze());
      case 7 -> world.pause(victim.process(), Duration.ofMillis(random.nextInt(10, 900)));
      case 8 -> victim.process().shiftWall(clockShift());
      case 9 -> cluster.compact();
      case 10 -> drain();
      default -> cluster.wal().crash(new LogId(random.nextInt(cluster.shape().logs())));
    }
  }
}
