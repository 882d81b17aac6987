package io.elanus.querycoord.placement;

import io.elanus.common.model.CollectionId;
import io.elanus.querycoord.serving.ServingChange;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/// What to change, and what cannot be done.
///
/// @param changes each may be made without those after it
/// @param shortages collections of which not everything can be served, and why
/// @param inFlight moves that are under way once the changes are made
public record Plan(
    List<ServingChange> changes, SortedMap<CollectionId, Shortage> shortages, InFlight inFlight) {
  /// Too little memory for what is to be served.
  ///
  /// @param neededBytes of what found no place
  /// @param freeBytes of the node that has most room
  public record Shortage(long neededBytes, long freeBytes) {}

  /// @param leaderless shards nobody alive leads
  public record InFlight(int segments, int leaders, int leaderless) {}

  public Plan {
    changes = List.copyOf(changes);
    shortages = Collections.unmodifiableSortedMap(shortages);
  }
}
