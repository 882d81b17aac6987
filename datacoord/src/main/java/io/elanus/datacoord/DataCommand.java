package io.elanus.datacoord;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import java.util.List;
import java.util.Set;

/// What somebody wants of datacoord, or what happened that changes what it keeps.
sealed interface DataCommand {
  /// Gives every log an owner that is there.
  ///
  /// @param staying datanodes that may be given logs
  /// @param kept datanodes whose logs are left alone: those that live, or may
  record AssignLogs(Set<NodeId> staying, Set<NodeId> kept) implements DataCommand {}

  /// Takes a log from an owner that lives; nothing when it has another owner by now.
  record MoveLog(LogPlacement.Move move) implements DataCommand {}

  record AddNote(FlushNote note) implements DataCommand {}

  record CloseNotes(List<Long> ids) implements DataCommand {}

  record AddCompaction(CompactionNote note) implements DataCommand {}

  record CloseCompactions(List<Long> ids) implements DataCommand {}

  /// The collection seems to be gone from the catalog. The objects of its shards stay: they are found
  /// and deleted by the sweep of unreachable objects.
  record RemovePointers(CollectionId collection, List<ShardId> shards) implements DataCommand {}
}
