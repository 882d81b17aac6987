package io.elanus.common.model;

/// Names a replica of a loaded collection, among all replicas there are at the same time.
public record ReplicaId(long value) implements Comparable<ReplicaId> {
  @Override
  public int compareTo(ReplicaId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
