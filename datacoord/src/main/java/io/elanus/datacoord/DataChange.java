package io.elanus.datacoord;

import io.elanus.common.model.ShardId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.wal.LogId;

/// One entry of the metastore written or removed by datacoord.
sealed interface DataChange {
  record PutOwner(LogId log, DataState.Owner owner) implements DataChange {}

  record PutNote(FlushNote note) implements DataChange {}

  record RemoveNote(long id) implements DataChange {}

  record PutCompaction(CompactionNote note) implements DataChange {}

  record RemoveCompaction(long id) implements DataChange {}

  record PutSnapshot(Snapshot snapshot) implements DataChange {}

  record RemoveSnapshot(Snapshot snapshot) implements DataChange {}

  record PutRestore(Restore restore) implements DataChange {}

  record RemoveRestore(long id) implements DataChange {}

  /// Of a shard whose collection is gone.
  record RemovePointer(ShardId shard) implements DataChange {}
}
