package io.elanus.datacoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.model.Snapshot;
import java.util.ArrayList;
import java.util.List;

/// Which restores there may be, and how they go on. Pure.
///
/// ```
///  running ── the collection is in the catalog ──> running, made ── visible ──> completed
///     └───────────────────────┴── cannot be ──> failed ── (its collection is removed)
/// ```
/// That it failed is committed before anything of it is removed, so nobody mistakes a removed collection for one that
/// was completed and dropped.
final class RestoreRules {
  private RestoreRules() {}

  static Decision<DataChange, DataAnswer> add(
      DataState state, Restore restore, SnapshotLimits limits) {
    Snapshot snapshot = SnapshotRules.require(state, restore.source(), restore.snapshotName());
    if (!restore.isOf(snapshot)) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "snapshot %s has changed meanwhile", snapshot.name());
    }
    List<Restore> running = state.runningRestores();
    if (running.size() >= limits.maxRestores()) {
      throw ErrorCode.RATE_LIMIT.because("%d restores are under way", running.size());
    }
    return Decision.change(DataAnswer.DONE, List.of(new DataChange.PutRestore(restore)));
  }

  static Decision<DataChange, DataAnswer> put(DataState state, long id, Restore.Phase phase) {
    Restore restore = state.restores().get(id);
    if (restore == null || !restore.isRunning()) {
      return Decision.answer(DataAnswer.DONE);
    }
    Restore next = restore.in(phase);
    List<DataChange> changes = new ArrayList<>();
    changes.add(new DataChange.PutRestore(next));
    if (!next.isRunning()) {
      forgetOldest(state).forEach(changes::add);
    }
    return Decision.change(DataAnswer.DONE, changes);
  }

  /// One more is about to end.
  private static List<DataChange> forgetOldest(DataState state) {
    List<Long> ended =
        state.restores().values().stream().filter(r -> !r.isRunning()).map(Restore::id).toList();
    int surplus = Math.max(0, ended.size() + 1 - SnapshotLimits.KEPT_RESTORES);
    return ended.stream().limit(surplus).<DataChange>map(DataChange.RemoveRestore::new).toList();
  }
}
