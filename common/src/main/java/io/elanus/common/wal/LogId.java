package io.elanus.common.wal;

/// One log: a Kafka partition, or one set of embedded log files. Shared by many shards.
public record LogId(int value) implements Comparable<LogId> {
  @Override
  public int compareTo(LogId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
