package io.elanus.chaos.figure;

import java.time.Duration;
import java.util.Random;

/// Waiting of the thread that runs a figure.
final class Pause {
  private Pause() {}

  static void between(Random random, long minMillis, long maxMillis) {
    of(Duration.ofMillis(random.nextLong(minMillis, maxMillis)));
  }

  static void of(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
