/// The role that turns logs into segments. [DataNodeRole] follows which logs this node owns; a [LogOwner]
/// reads one log into an [OwnedLog], which keeps an [OwnedShard] for each shard in it and says when what is
/// flushed; a [ShardFlush] writes what a shard's tail holds, and [SpillFiles] what it could not apply;
/// [ManifestCommit] makes it true; the [LogFloor] lets the log forget it. The owner is the only writer of its
/// shards' manifests: index builders and compactors submit edits to it ([ManifestEdits]), unless they come behind the
/// shard's [Fence]. A [Compaction] is a job that any datanode pulls, whoever owns the shard.
@NullMarked
package io.elanus.datanode;

import org.jspecify.annotations.NullMarked;
