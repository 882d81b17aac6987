package io.elanus.standalone.rebuild;

import io.elanus.common.model.CollectionId;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import java.util.Map;

/// One log from its start to its end.
///
/// @param maxTimestamp of its records; 0 for none
/// @param unreadable records whose header is damaged
record FoundLog(
    LogId log,
    Position start,
    Position end,
    long maxTimestamp,
    long unreadable,
    Map<CollectionId, Traces> collections) {
  FoundLog {
    collections = Map.copyOf(collections);
  }

  /// What the log says about a collection.
  ///
  /// @param ddlSequence the largest of a control record; 0 for none
  /// @param dropped whether its drop is among them
  record Traces(long records, long ddlSequence, boolean dropped) {
    static final Traces NONE = new Traces(0, 0, false);

    Traces and(Traces other) {
      return new Traces(
          records + other.records,
          Math.max(ddlSequence, other.ddlSequence),
          dropped || other.dropped);
    }
  }
}
