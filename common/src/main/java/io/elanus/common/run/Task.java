package io.elanus.common.run;

import java.util.Optional;

/// A thread started by [Run#fork].
public interface Task {
  String name();

  boolean isDone();

  /// The exception that ended the body, if one did. Meaningful once done.
  Optional<Throwable> failure();

  /// Asks the body to stop: its next or current wait throws `CANCELED`.
  void cancel();

  /// Blocks until the body has ended. @return false when `deadline` passed first
  boolean join(Deadline deadline);
}
