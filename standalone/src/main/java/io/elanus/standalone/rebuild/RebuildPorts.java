package io.elanus.standalone.rebuild;

import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal;

/// What a rebuild reads (log, bucket) and writes (metastore).
public record RebuildPorts(Run run, MetaStore meta, Wal wal, ObjectStore objects) {}
