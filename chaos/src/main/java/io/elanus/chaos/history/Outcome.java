package io.elanus.chaos.history;

/// What a client knows about a request of its own.
public enum Outcome {
  /// Acknowledged: it has had its effect.
  OK,
  /// Refused, or never sent: it had no effect and never will.
  FAILED,
  /// Cut short, or the server itself does not know: it may have had its effect, and may still.
  UNKNOWN
}
