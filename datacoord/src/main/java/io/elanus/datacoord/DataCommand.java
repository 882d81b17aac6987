package io.elanus.datacoord;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import java.util.List;
import java.util.Set;

/// What somebody wants of datacoord, or what happened that changes what it keeps.
sealed interface DataCommand {
  /// These datanodes are there now: gives every log an owner among them.
  record AssignLogs(Set<NodeId> nodes) implements DataCommand {}

  record AddNote(FlushNote note) implements DataCommand {}

  record CloseNotes(List<Long> ids) implements DataCommand {}

  /// The collection seems to be gone from the catalog. The objects of its shards stay: they are found
  /// and deleted by the sweep of unreachable objects.
  record RemovePointers(CollectionId collection, List<ShardId> shards) implements DataCommand {}
}
