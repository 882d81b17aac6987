package io.elanus.datacoord;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.wal.LogId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Who owns the logs, the flushes and compactions that were asked for and are under way, and the snapshots that are
/// kept or restored, by id.
record DataState(
    SortedMap<LogId, Owner> owners,
    SortedMap<Long, FlushNote> notes,
    SortedMap<Long, CompactionNote> compactions,
    SortedMap<Long, Snapshot> snapshots,
    SortedMap<Long, Restore> restores) {
  /// @param epoch grows with every change of the log's owner
  record Owner(NodeId node, long epoch) {}

  static final DataState EMPTY = of(new TreeMap<>());

  DataState {
    owners = Collections.unmodifiableSortedMap(owners);
    notes = Collections.unmodifiableSortedMap(notes);
    compactions = Collections.unmodifiableSortedMap(compactions);
    snapshots = Collections.unmodifiableSortedMap(snapshots);
    restores = Collections.unmodifiableSortedMap(restores);
  }

  /// Nobody has asked for anything.
  static DataState of(SortedMap<LogId, Owner> owners) {
    return new DataState(
        owners, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
  }

  /// Those under way.
  List<Restore> runningRestores() {
    return restores.values().stream().filter(Restore::isRunning).toList();
  }

  /// In the order in which they were made.
  List<Snapshot> snapshotsOf(CollectionId collection) {
    return snapshots.values().stream().filter(s -> s.of().equals(collection)).toList();
  }

  Optional<Snapshot> findSnapshot(CollectionId collection, String name) {
    return snapshotsOf(collection).stream().filter(s -> s.name().equals(name)).findFirst();
  }

  DataState apply(List<DataChange> changes) {
    SortedMap<LogId, Owner> nextOwners = new TreeMap<>(owners);
    SortedMap<Long, FlushNote> nextNotes = new TreeMap<>(notes);
    SortedMap<Long, CompactionNote> nextCompactions = new TreeMap<>(compactions);
    SortedMap<Long, Snapshot> nextSnapshots = new TreeMap<>(snapshots);
    SortedMap<Long, Restore> nextRestores = new TreeMap<>(restores);
    for (DataChange change : changes) {
      switch (change) {
        case DataChange.PutOwner(var log, var owner) -> nextOwners.put(log, owner);
        case DataChange.PutNote(var note) -> nextNotes.put(note.id(), note);
        case DataChange.RemoveNote(var id) -> nextNotes.remove(id);
        case DataChange.PutCompaction(var note) -> nextCompactions.put(note.id(), note);
        case DataChange.RemoveCompaction(var id) -> nextCompactions.remove(id);
        case DataChange.PutSnapshot(var snapshot) -> nextSnapshots.put(snapshot.id(), snapshot);
        case DataChange.RemoveSnapshot(var snapshot) -> nextSnapshots.remove(snapshot.id());
        case DataChange.PutRestore(var restore) -> nextRestores.put(restore.id(), restore);
        case DataChange.RemoveRestore(var id) -> nextRestores.remove(id);
        case DataChange.RemovePointer _ -> {} // kept by the owners of the logs, not here
      }
    }
    return new DataState(nextOwners, nextNotes, nextCompactions, nextSnapshots, nextRestores);
  }
}
