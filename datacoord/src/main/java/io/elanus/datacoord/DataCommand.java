package io.elanus.datacoord;

import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.model.Snapshot;
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

  /// @param unchanged holds as long as the snapshot is what it says
  record AddSnapshot(Snapshot snapshot, List<Condition> unchanged) implements DataCommand {
    public AddSnapshot {
      unchanged = List.copyOf(unchanged);
    }
  }

  record RemoveSnapshot(CollectionId collection, String name) implements DataCommand {}

  /// The collection seems to be gone from the catalog; its snapshots go with it.
  record RemoveSnapshots(CollectionId collection) implements DataCommand {}

  /// Of a snapshot that is there.
  record AddRestore(Restore restore) implements DataCommand {}

  /// A restore goes on, or ends. One that has ended stays as it is.
  record PutPhase(long id, Restore.Phase phase) implements DataCommand {}
}
