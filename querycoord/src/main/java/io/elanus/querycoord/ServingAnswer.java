package io.elanus.querycoord;

import io.elanus.common.model.CollectionId;
import io.elanus.querycoord.placement.Plan.InFlight;
import io.elanus.querycoord.placement.Plan.Shortage;
import java.util.SortedMap;

/// What became of a [ServingCommand].
sealed interface ServingAnswer {
  record Done() implements ServingAnswer {}

  /// The catalog changed since the command was prepared: prepare it anew.
  record CatalogMoved() implements ServingAnswer {}

  /// @param changed whether something was, so that there may be more to do
  record Placed(boolean changed, SortedMap<CollectionId, Shortage> shortages, InFlight inFlight)
      implements ServingAnswer {}
}
