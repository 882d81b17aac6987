package io.elanus.common.model;

/// Names a partition of a collection; never reused.
public record PartitionId(long value) implements Comparable<PartitionId> {
  @Override
  public int compareTo(PartitionId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
