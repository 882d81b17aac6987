package io.elanus.chaos.figure;

import io.elanus.chaos.workload.Replicas;
import io.elanus.chaos.workload.Scene;
import java.time.Duration;

/// How many query nodes serve each shard.
final class Redundancy {
  private final Scene scene;

  private Redundancy(Scene scene) {
    this.scene = scene;
  }

  static Redundancy of(Scene scene) {
    return new Redundancy(scene);
  }

  /// Seconds from `start` until every shard is served by `count` nodes; `limit` when it took longer.
  double awaitSeconds(long start, int count, Duration limit) {
    try (Replicas replicas = new Replicas(scene)) {
      while (System.nanoTime() - start < limit.toNanos()) {
        if (replicas.fewestLeaders() >= count) {
          return (System.nanoTime() - start) / 1e9;
        }
        Pause.of(Duration.ofMillis(200));
      }
    }
    return limit.toMillis() / 1e3;
  }
}
