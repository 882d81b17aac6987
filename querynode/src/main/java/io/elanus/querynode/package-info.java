/// The role that serves reads. [QueryNodeRole] follows which shards this node leads; a [ShardLeader] keeps a
/// shard's newest manifest and the tail of its log; [Freshness] says how far the log must be applied before
/// a read may look; [SegmentCache] holds the files.
@NullMarked
package io.elanus.querynode;

import org.jspecify.annotations.NullMarked;
