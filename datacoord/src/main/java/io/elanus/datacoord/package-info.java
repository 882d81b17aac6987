/// Datacoord: who owns the logs, flushes, index builds, compactions, and what of them is done.
///
/// `owner/` and `flush/` are this role's own entries, changed by [DataRules]. [LogPlacement] says purely
/// which datanode owns which log, and [Handovers] moves them; [IndexPlan] says which index files are missing,
/// and [CompactionPlan] which segments are to become others; [JobBoard]s hand that out, and [Swaps] has what is staged take
/// its place. The [Sweeper] deletes what [SweepPlan] finds that nothing names. What the shards are made of
/// it reads from their pointers and manifests ([ShardMirror], [ShardManifests]).
@NullMarked
package io.elanus.datacoord;

import org.jspecify.annotations.NullMarked;
