package io.elanus.chaos.check;

import io.elanus.chaos.history.Event;

/// A write that happened or may have happened, and when.
///
/// @param start it has not happened before
/// @param settled it has happened by then, if ever: its acknowledgement or the end of the first read that saw
///     it; `Long.MAX_VALUE` when nobody knows
record Effect(long version, long start, long settled) {
  /// The key was not there before anybody wrote it.
  static final Effect NOTHING = new Effect(Event.ABSENT, Long.MIN_VALUE, Long.MIN_VALUE);

  boolean isSettled() {
    return settled < Long.MAX_VALUE;
  }
}
