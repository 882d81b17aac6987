package io.elanus.datanode;

import io.elanus.common.meta.MetaKeys;
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
}
