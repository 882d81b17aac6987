package io.elanus.common.run;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;

/// How a cancelled wait says so, and how others recognise it.
final class Canceled {
  private Canceled() {}

  /// Sets the interrupt flag again: a cancelled thread stays cancelled.
  static DbException byInterrupt(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new DbException(ErrorCode.CANCELED, "canceled while waiting", cause);
  }

  static boolean is(Throwable error) {
    return error instanceof DbException e && e.code() == ErrorCode.CANCELED;
  }
}
