package io.elanus.datacoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.run.Outcome;
import java.util.List;

/// Which snapshots there may be. Pure.
final class SnapshotRules {
  private SnapshotRules() {}

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` when the name is taken, `QUOTA_EXCEEDED`
  static void requireRoom(
      DataState state, CollectionId collection, String name, SnapshotLimits limits) {
    if (state.findSnapshot(collection, name).isPresent()) {
      throw ErrorCode.INVALID_PARAMETER.because("snapshot name %s already exists", name);
    }
    int ofCollection = state.snapshotsOf(collection).size();
    if (ofCollection >= limits.maxOfCollection()) {
      throw ErrorCode.QUOTA_EXCEEDED.because(
          "collection %s has %d snapshots, as many as there may be", collection, ofCollection);
    }
    if (state.snapshots().size() >= limits.max()) {
      throw ErrorCode.QUOTA_EXCEEDED.because(
          "there are %d snapshots, as many as there may be", state.snapshots().size());
    }
  }

  static Decision<DataChange, DataAnswer> add(
      DataState state, DataCommand.AddSnapshot command, SnapshotLimits limits) {
    Snapshot snapshot = command.snapshot();
    requireRoom(state, snapshot.of(), snapshot.name(), limits);
    return Decision.<DataChange, DataAnswer>change(
            DataAnswer.DONE, List.of(new DataChange.PutSnapshot(snapshot)))
        .onlyIf(command.unchanged(), Outcome.done(DataAnswer.CHANGED));
  }

  static Decision<DataChange, DataAnswer> remove(
      DataState state, DataCommand.RemoveSnapshot command) {
    Snapshot snapshot = requireIdle(state, command.collection(), command.name());
    return Decision.change(DataAnswer.DONE, List.of(new DataChange.RemoveSnapshot(snapshot)));
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` when there is none of that name, or it is being
  ///     restored
  static Snapshot requireIdle(DataState state, CollectionId collection, String name) {
    Snapshot snapshot = require(state, collection, name);
    if (state.runningRestores().stream().anyMatch(restore -> restore.isOf(snapshot))) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "snapshot %s is being restored, drop it when that is done", snapshot.name());
    }
    return snapshot;
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` when there is none of that name
  static Snapshot require(DataState state, CollectionId collection, String name) {
    return state
        .findSnapshot(collection, name)
        .orElseThrow(() ->
            ErrorCode.INVALID_PARAMETER.because(
                "snapshot %s not found for collection %s", name, collection));
  }
}
