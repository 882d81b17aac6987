package io.elanus.chaos.workload;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// How long servers may refuse to answer after all harm has ended.
public record Patience(Duration limit) {
  /// The servers did not answer in time.
  public static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exhausted(Duration limit) {
      super("no answer for %s after all faults had ended".formatted(limit));
    }
  }

  /// Asks again and again.
  ///
  /// @throws Exhausted when no answer came in time
  <T> T insist(Supplier<Optional<T>> request) {
    long start = System.nanoTime();
    do {
      Optional<T> answer = request.get();
      if (answer.isPresent()) {
        return answer.get();
      }
    } while (System.nanoTime() - start < limit.toNanos());
    throw new Exhausted(limit);
  }
}
