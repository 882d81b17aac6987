package io.elanus.chaos.check;

import io.elanus.chaos.history.Anomaly;

/// What must not be, and where.
public record Violation(Anomaly anomaly, long key, String text) {
  @Override
  public String toString() {
    return "%s key %d: %s".formatted(anomaly, key, text);
  }
}
