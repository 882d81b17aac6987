package io.elanus.common.meta;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.SimulatedRun;
import java.util.List;

/// Tells tasks that ended because they were closed from tasks that failed.
final class Canceling {
  private Canceling() {}

  static List<Throwable> otherFailures(SimulatedRun world) {
    return world.taskFailures().stream()
        .filter(e -> !(e instanceof DbException db && db.code() == ErrorCode.CANCELED))
        .toList();
  }
}
