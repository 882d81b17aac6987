package io.elanus.bench.kill;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What happened, over all rounds of a run. Guarded by itself.
final class Counters {
  private long acknowledged;
  private long unknown;
  private long reads;
  private final Map<String, Long> refused = new TreeMap<>();
  private final List<String> violations = new ArrayList<>();

  synchronized void acknowledged(int rows) {
    acknowledged += rows;
  }

  synchronized void unknown(int rows) {
    unknown += rows;
  }

  synchronized void read() {
    reads++;
  }

  synchronized void refused(String why) {
    refused.merge(why, 1L, Long::sum);
  }

  synchronized void staleRead(long key, long version) {
    violations.add("a strong read of key %d showed version %d".formatted(key, version));
  }

  synchronized void violation(String what) {
    violations.add(what);
  }

  synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  @Override
  public synchronized String toString() {
    return "%,d rows acknowledged, %,d unknown, %,d strong reads, refused %s, %d violations"
        .formatted(acknowledged, unknown, reads, refused, violations.size());
  }
}
