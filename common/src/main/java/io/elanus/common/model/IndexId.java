package io.elanus.common.model;

/// Names an index definition; never reused.
public record IndexId(long value) implements Comparable<IndexId> {
  @Override
  public int compareTo(IndexId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
