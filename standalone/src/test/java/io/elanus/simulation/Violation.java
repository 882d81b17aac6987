package io.elanus.simulation;

/// A broken invariant. The message begins with its number in the protocol's list.
final class Violation extends AssertionError {
  private static final long serialVersionUID = 1;

  Violation(String message) {
    super(message);
  }

  Violation(String message, Throwable cause) {
    super(message, cause);
  }

  /// @param message with the format's `args`
  /// @throws Violation if `holds` is false
  static void unless(boolean holds, String message, Object... args) {
    if (!holds) {
      throw new Violation(message.formatted(args));
    }
  }
}
