package io.elanus.common.run;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A place for one outcome, for which one caller waits. Stays inside this package: callers see
/// blocking methods.
final class Promise<A> {
  private final Gate gate;
  private @Nullable Outcome<A> outcome;

  Promise(Run run) {
    this.gate = run.gate();
  }

  /// The first outcome counts.
  void complete(Outcome<A> value) {
    gate.change(() -> {
      if (outcome == null) {
        outcome = value;
      }
    });
  }

  /// Empty when `deadline` passed first.
  Optional<Outcome<A>> await(Deadline deadline) {
    gate.await(() -> outcome != null, deadline);
    return now();
  }

  Optional<Outcome<A>> now() {
    return gate.read(() -> Optional.ofNullable(outcome));
  }
}
