package io.elanus.common.run;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What a simulated task waits for.
///
/// @param what for the report of a deadlock
/// @param condition looked at by whoever chooses the next task; may change what its gate guards
/// @param wakeAt virtual nanoseconds; `Long.MAX_VALUE` for never
/// @param cancelable whether a cancel ends the wait
record Wait(String what, BooleanSupplier condition, long wakeAt, boolean cancelable) {
  boolean wakes() {
    return wakeAt != Long.MAX_VALUE;
  }

  /// How the wait ends now: with an answer, or an exception; null when it goes on.
  @Nullable BooleanSupplier result(boolean canceled, long now) {
    if (canceled && cancelable) {
      return () -> {
        throw canceled();
      };
    }
    try {
      if (condition.getAsBoolean()) {
        return () -> true;
      }
    } catch (RuntimeException | Error e) {
      return () -> {
        throw e;
      };
    }
    return wakeAt <= now ? () -> false : null;
  }

  static DbException canceled() {
    return new DbException(ErrorCode.CANCELED, "canceled while waiting");
  }
}
