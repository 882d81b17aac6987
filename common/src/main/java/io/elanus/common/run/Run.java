package io.elanus.common.run;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Time, chance, threads and waiting. Nothing else in the product reads a clock, draws a random
/// number, starts a thread or blocks, so that a simulator can own all of it: real code of a whole
/// cluster then runs with one runnable thread at a time, chosen by a seed (docs/decisions/0004).
///
/// Two implementations: `SystemRun` (virtual threads, real clocks) and `SimulatedRun`.
public interface Run {
  /// Wall clock, milliseconds since 1970. For people and for hybrid timestamps; safety never rests
  /// on it.
  long wallMillis();

  /// Monotonic clock in nanoseconds of an arbitrary origin, for leases and deadlines of this
  /// process. Goes on while the machine is suspended, where the system can tell.
  long nanoTime();

  /// Not for secrets. One generator per call site and thread: the result is not shared.
  RandomGenerator random();

  /// Starts `body` on a thread of its own. An exception that leaves `body` is logged and kept in
  /// the task.
  Task fork(String name, Runnable body);

  /// @throws io.elanus.common.error.DbException `CANCELED` when the calling thread is interrupted
  void sleep(Duration duration);

  /// A new gate: the only way to wait for something another thread does.
  Gate gate();
}
