package io.elanus.querycoord;

import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Run;
import io.elanus.rpc.internal.Peers;

/// What querycoord stands on.
public record QueryCoordPorts(Run run, MetaStore meta, ObjectStore objects, Peers peers) {}
