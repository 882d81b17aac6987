package io.elanus.querycoord;

import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import java.util.List;
import java.util.Set;

/// What somebody wants served, or what happened that changes who serves it.
sealed interface ServingCommand {
  /// @param conditions under which the collection was found fit to be loaded
  record Load(CollectionId collection, ServingState.Load load, List<Condition> conditions)
      implements ServingCommand {}

  record Release(CollectionId collection) implements ServingCommand {}

  /// The collection seems to be gone from the catalog.
  record Forget(CollectionId collection) implements ServingCommand {}

  /// These nodes are there now: places what has no leader among them.
  record Place(Set<NodeId> nodes) implements ServingCommand {}
}
