package io.elanus.common.object;

/// The name of an object: segments of `[A-Za-z0-9._-]+` joined by `/`, none of them `.` or `..`, at most
/// 512 characters. Made by [ObjectLayout] alone.
public record ObjectKey(String value) implements Comparable<ObjectKey> {
  public static final int MAX_LENGTH = 512;

  public ObjectKey {
    if (value.length() > MAX_LENGTH
        || !value.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")
        || value.matches("(.*/)?\\.\\.?(/.*)?")) {
      throw new IllegalArgumentException("not an object key: '%s'".formatted(value));
    }
  }

  @Override
  public int compareTo(ObjectKey other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
