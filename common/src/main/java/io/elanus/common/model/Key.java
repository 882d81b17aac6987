package io.elanus.common.model;

/// A primary key.
public sealed interface Key extends Comparable<Key> {
  record LongKey(long value) implements Key {}

  record TextKey(String value) implements Key {}

  static Key of(long value) {
    return new LongKey(value);
  }

  static Key of(String value) {
    return new TextKey(value);
  }

  /// Integers by value, texts by their UTF-8 bytes; an integer before a text.
  @Override
  default int compareTo(Key other) {
    return switch (this) {
      case LongKey a -> other instanceof LongKey b ? Long.compare(a.value, b.value) : -1;
      case TextKey a -> other instanceof TextKey b ? Utf8Order.compare(a.value, b.value) : 1;
    };
  }
}
