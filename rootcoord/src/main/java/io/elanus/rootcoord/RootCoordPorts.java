package io.elanus.rootcoord;

import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal;

/// What rootcoord stands on.
public record RootCoordPorts(Run run, MetaStore meta, Wal wal, ObjectStore objects) {}
