package io.elanus.common.run;

/// Ends a task of a simulated process that was killed, or of a simulation that is over. Thrown by
/// everything a [SimulatedRun] offers, again and again, so that a `finally` block cannot have an
/// effect outside the dead process either. Code that catches it passes it on; nothing handles it.
public final class Killed extends Error {
  private static final long serialVersionUID = 1;

  Killed(String process) {
    super("process '%s' was killed".formatted(process), null, false, false);
  }
}
