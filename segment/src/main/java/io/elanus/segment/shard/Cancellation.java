package io.elanus.segment.shard;

import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;

/// Asked between pieces of work whether the rest is still wanted.
@FunctionalInterface
public interface Cancellation {
  Cancellation NEVER = () -> {};

  /// @throws io.elanus.common.error.DbException `TIMEOUT` or `CANCELED` when it is not
  void check();

  /// Of work on `cpu`, which gives way to others each time it asks.
  static Cancellation at(Run run, CpuPool cpu, Deadline deadline) {
    return () -> {
      cpu.giveWay();
      deadline.check(run, "a shard to be read");
    };
  }
}
