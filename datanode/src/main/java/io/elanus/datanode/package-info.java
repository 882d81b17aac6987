/// The role that turns logs into segments. [DataNodeRole] follows which logs this node owns; a [LogOwner]
/// reads one log and keeps an [OwnedShard] for each shard in it; a [ShardFlush] writes what a shard's tail
/// holds; [ManifestCommit] makes it true. The owner is the only writer of its shards' manifests: index
/// builders submit edits to it.
@NullMarked
package io.elanus.datanode;

import org.jspecify.annotations.NullMarked;
