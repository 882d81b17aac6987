package io.elanus.common.run;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A place for one outcome, for which callers wait. For code that turns somebody's callbacks into a blocking
/// method: a promise is made, waited for and forgotten within one, and never in a signature.
public final class Promise<A> {
  private final Gate gate;
  private @Nullable Outcome<A> outcome;

  public Promise(Run run) {
    this.gate = run.gate();
  }

  /// The first outcome counts. Any thread; never blocks.
  public void complete(Outcome<A> value) {
    gate.change(() -> {
      if (outcome == null) {
        outcome = value;
      }
    });
  }

  /// Empty when `deadline` passed first.
  ///
  /// @throws io.elanus.common.error.DbException `CANCELED` when the calling thread is interrupted
  public Optional<Outcome<A>> await(Deadline deadline) {
    gate.await(() -> outcome != null, deadline);
    return now();
  }

  Optional<Outcome<A>> now() {
    return gate.read(() -> Optional.ofNullable(outcome));
  }
}
