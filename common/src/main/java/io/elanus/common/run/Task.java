package io.elanus.common.run;

import java.util.Optional;

/// A thread started by [Run#fork].
public interface Task {
  String name();

  boolean isDone();

  /// The exception that ended the body, if one did. Meaningful once done.
  Optional<Throwable> failure();

  /// Asks the body to stop: its current or next wait, and every wait after it, throws `CANCELED`.
  void cancel();

  /// Blocks until the body has ended.
  ///
  /// @return false when `deadline` passed first
  /// @throws io.elanus.common.error.DbException `CANCELED` when the calling thread is canceled
  boolean join(Deadline deadline);

  /// Blocks until the body has ended, also on a thread that is canceled, and stays canceled. For
  /// closing: what a task works on is released after its end, however little time is left.
  void awaitEnd();
}
