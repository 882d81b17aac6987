package io.elanus.common.run;

import java.util.function.BooleanSupplier;

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
}
