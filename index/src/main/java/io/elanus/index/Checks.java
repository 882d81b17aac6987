package io.elanus.index;

/// Checks of what a caller passed in.
final class Checks {
  private Checks() {}

  /// Throws IllegalArgumentException with the formatted message unless `holds`.
  @SuppressWarnings("AnnotateFormatMethod")
  static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }
}
