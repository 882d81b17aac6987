package io.elanus.datacoord;

import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal;
import io.elanus.rpc.internal.Peers;

/// What datacoord stands on.
public record DataCoordPorts(Run run, MetaStore meta, Wal wal, ObjectStore objects, Peers peers) {}
