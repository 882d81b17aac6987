package io.elanus.chaos.workload;

import java.time.Duration;
import java.util.Random;

/// How long a session rests between two requests, in the mean.
record Pace(Random random, Duration mean) {
  void rest() {
    try {
      Thread.sleep(random.nextLong(1 + 2 * mean.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
