package io.elanus.common.object;

/// The name of an object: segments of `[A-Za-z0-9._-]+` joined by `/`, none of them `.` or `..`, at most
/// 512 characters. Made by [ObjectLayout] alone.
public record ObjectKey(String value) implements Comparable<ObjectKey> {
  public static final int MAX_LENGTH = 512;

  public ObjectKey {
    if (value.length() > MAX_LENGTH || !isPath(value)) {
      throw new IllegalArgumentException("not an object key: '%s'".formatted(value));
    }
  }

  private static boolean isPath(String value) {
    int start = 0;
    for (int slash = value.indexOf('/'); slash >= 0; slash = value.indexOf('/', start)) {
      if (!isName(value, start, slash)) {
        return false;
      }
      start = slash + 1;
    }
    return isName(value, start, value.length());
  }

  /// Whether the characters from `start` to before `end` may be a segment.
  private static boolean isName(String value, int start, int end) {
    boolean onlyDots = true;
    for (int i = start; i < end; i++) {
      char c = value.charAt(i);
      if (!isNameCharacter(c)) {
        return false;
      }
      onlyDots &= c == '.';
    }
    return end > start && !(onlyDots && end - start <= 2);
  }

  private static boolean isNameCharacter(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '.'
        || c == '_'
        || c == '-';
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
