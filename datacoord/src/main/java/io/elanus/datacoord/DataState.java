package io.elanus.datacoord;

import io.elanus.common.model.NodeId;
import io.elanus.common.wal.LogId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Who owns the logs, and the flushes and compactions that were asked for and are under way, by id.
record DataState(
    SortedMap<LogId, Owner> owners,
    SortedMap<Long, FlushNote> notes,
    SortedMap<Long, CompactionNote> compactions) {
  /// @param epoch grows with every change of the log's owner
  record Owner(NodeId node, long epoch) {}

  static final DataState EMPTY = new DataState(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  DataState {
    owners = Collections.unmodifiableSortedMap(owners);
    notes = Collections.unmodifiableSortedMap(notes);
    compactions = Collections.unmodifiableSortedMap(compactions);
  }

  DataState apply(List<DataChange> changes) {
    SortedMap<LogId, Owner> nextOwners = new TreeMap<>(owners);
    SortedMap<Long, FlushNote> nextNotes = new TreeMap<>(notes);
    SortedMap<Long, CompactionNote> nextCompactions = new TreeMap<>(compactions);
    for (DataChange change : changes) {
      switch (change) {
        case DataChange.PutOwner(var log, var owner) -> nextOwners.put(log, owner);
        case DataChange.PutNote(var note) -> nextNotes.put(note.id(), note);
        case DataChange.RemoveNote(var id) -> nextNotes.remove(id);
        case DataChange.PutCompaction(var note) -> nextCompactions.put(note.id(), note);
        case DataChange.RemoveCompaction(var id) -> nextCompactions.remove(id);
        case DataChange.RemovePointer _ -> {} // kept by the owners of the logs, not here
      }
    }
    return new DataState(nextOwners, nextNotes, nextCompactions);
  }
}
