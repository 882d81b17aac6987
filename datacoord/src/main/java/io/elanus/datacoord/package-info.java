/// Datacoord: who owns the logs, flushes, index builds, and what of them is done.
///
/// `owner/` and `flush/` are this role's own entries, changed by [DataRules]. [LogPlacement] says purely
/// which datanode owns which log, and [Handovers] moves them; [IndexPlan] says which index files are missing. What the shards are made of
/// it reads from their pointers and manifests ([ShardMirror], [ShardManifests]).
@NullMarked
package io.elanus.datacoord;

import org.jspecify.annotations.NullMarked;
