package io.elanus.rpc.server;

import java.time.Duration;

/// Checks of configured values.
final class Bounds {
  private Bounds() {}

  static void between(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is %d, it should be in range [%d, %d]".formatted(name, value, min, max));
    }
  }

  static void between(String name, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "%s is %s, it should be in range [%s, %s]".formatted(name, value, min, max));
    }
  }
}
