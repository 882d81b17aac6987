package io.elanus.common.model;

/// Names a collection for ever; never reused.
public record CollectionId(long value) implements Comparable<CollectionId> {
  @Override
  public int compareTo(CollectionId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
