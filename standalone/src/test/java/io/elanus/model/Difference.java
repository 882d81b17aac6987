package io.elanus.model;

/// What the server says is not what the model does.
final class Difference extends AssertionError {
  private static final long serialVersionUID = 1;

  Difference(String message) {
    super(message);
  }

  Difference(String message, Throwable cause) {
    super(message, cause);
  }

  /// @throws Difference with the format's `args`, if `holds` is false
  static void unless(boolean holds, String message, Object... args) {
    if (!holds) {
      throw new Difference(message.formatted(args));
    }
  }
}
