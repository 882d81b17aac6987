package io.elanus.standalone.rebuild;

import io.elanus.common.model.CollectionId;
import java.util.Map;
import java.util.TreeMap;

/// What the records of a log, or of a spill file, tell.
///
/// @param maxTimestamp of the records; 0 for none
/// @param unreadable records that are nobody's: their header is damaged
record FoundRecords(long maxTimestamp, long unreadable, Map<CollectionId, Traces> collections) {
  static final FoundRecords NONE = new FoundRecords(0, 0, Map.of());

  FoundRecords {
    collections = Map.copyOf(collections);
  }

  /// About one collection.
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

  Traces of(CollectionId collection) {
    return collections.getOrDefault(collection, Traces.NONE);
  }

  FoundRecords and(FoundRecords other) {
    Map<CollectionId, Traces> all = new TreeMap<>(collections);
    other.collections.forEach((id, traces) -> all.merge(id, traces, Traces::and));
    return new FoundRecords(
        Math.max(maxTimestamp, other.maxTimestamp), unreadable + other.unreadable, all);
  }
}
