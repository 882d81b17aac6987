package io.elanus.common.run;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// A lock with a condition: threads wait until something becomes true, other threads make it true.
///
/// State guarded by a gate is read and changed only inside `change`, `read` and the condition of
/// `await`. These bodies are short and call no port and no other gate: no lock is held across a
/// port call, and no two locks are held at once. `SimulatedRun` refuses both.
public interface Gate {
  /// Runs `action` under the lock, then wakes every waiter so that it looks at its condition again.
  <T> T change(Supplier<T> action);

  /// As [#change(Supplier)], without a result.
  default void change(Runnable action) {
    change(() -> {
      action.run();
      return true;
    });
  }

  /// Runs `action` under the lock and wakes nobody.
  <T> T read(Supplier<T> action);

  /// Blocks until `condition`, looked at under the lock, is true. The condition may change what the
  /// gate guards when it is true (take what it waited for), which wakes no other waiter. It may be
  /// looked at on any thread.
  ///
  /// @return false when `deadline` passed first
  /// @throws io.elanus.common.error.DbException `CANCELED` when the calling thread is interrupted
  boolean await(BooleanSupplier condition, Deadline deadline);
}
