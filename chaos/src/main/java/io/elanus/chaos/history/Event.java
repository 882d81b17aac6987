package io.elanus.chaos.history;

/// One line of a history.
public sealed interface Event {
  /// The version of a key that is not there.
  long ABSENT = 0;

  Span span();

  /// Who asked for what: a session is one client, which waits for each answer.
  record By(int session, String request) {}

  /// A request was to leave `key` at `version`, which no other write of the key has; [#ABSENT]: deleted.
  record Write(By by, long key, long version, Outcome outcome, Span span) implements Event {}

  /// A request showed `key` at `version`, or did not show it ([#ABSENT]).
  record Read(By by, Level level, long key, long version, Span span) implements Event {}

  /// A request ended. Availability and latency are counted from these.
  ///
  /// @param error what the server said; empty when it succeeded
  record Call(By by, Outcome outcome, String error, Span span) implements Event {}

  /// A client saw at once what must not be.
  record Finding(Anomaly anomaly, long key, String text, Span span) implements Event {}

  /// Something was done to the servers.
  record Fault(String what, Span span) implements Event {}
}
