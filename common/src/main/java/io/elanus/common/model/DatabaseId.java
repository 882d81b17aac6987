package io.elanus.common.model;

/// Names a database; 1 is the one called `default`.
public record DatabaseId(long value) implements Comparable<DatabaseId> {
  @Override
  public int compareTo(DatabaseId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
