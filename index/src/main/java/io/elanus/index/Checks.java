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

  /// Throws IllegalArgumentException unless `query` is as long as the rows.
  static void requireDimension(float[] query, int dimension) {
    require(
        query.length == dimension, "query has %d values, dimension is %d", query.length, dimension);
  }
}
