package io.elanus.common.model;

/// Names a segment; never reused.
public record SegmentId(long value) implements Comparable<SegmentId> {
  @Override
  public int compareTo(SegmentId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
