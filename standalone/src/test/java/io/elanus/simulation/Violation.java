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
}
