package io.elanus.adapters.s3;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.util.function.Supplier;

/// So many at once, the others wait.
final class Permits {
  private final String what;
  private final Gate gate;

  /// Guarded by `gate`.
  private int free;

  Permits(Run run, String what, int count) {
    this.what = what;
    this.gate = run.gate();
    this.free = count;
  }

  /// Runs `action` while holding a permit.
  ///
  /// @throws io.elanus.common.error.DbException `STORAGE_IO_FAILED` when `deadline` passed before there was one
  <T> T hold(Deadline deadline, Supplier<T> action) {
    if (!gate.await(this::take, deadline)) {
      throw ErrorCode.STORAGE_IO_FAILED.because("no free %s in time", what);
    }
    try {
      return action.get();
    } finally {
      gate.change(() -> free++);
    }
  }

  private boolean take() {
    if (free == 0) {
      return false;
    }
    free--;
    return true;
  }
}
