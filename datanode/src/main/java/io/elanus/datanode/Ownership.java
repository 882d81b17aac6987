package io.elanus.datanode;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.wal.LogId;

/// This node's right to a log, as datacoord gave it.
///
/// @param epoch larger than every former owner's
/// @param revision of the `owner/<log>` entry; every commit of the owner demands that it still has it
record Ownership(LogId log, long epoch, long revision) {
  Condition stillHeld() {
    return new Condition.RevisionIs(MetaKeys.owner(log), revision);
  }

  /// Whether the store names no later owner now. Once it does, it always will.
  boolean isHeld(MetaStore meta) {
    return meta.get(MetaKeys.owner(log)).filter(e -> e.revision() == revision).isPresent();
  }
}
