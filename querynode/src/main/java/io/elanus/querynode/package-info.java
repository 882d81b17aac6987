/// The role that serves reads. [Assignments] follows the routes: which shards this node leads ([Leaders]),
/// which segments it holds for leaders ([Holdings]).
///
/// A [ShardLeader] keeps a shard's newest manifest and the tail of its log, which a [LogFollower] reads
/// for all shards in it; [Freshness] says how far the log must be applied before a read may look. A
/// [SplitRead] reads what is here and asks the holders for the rest ([HolderCalls]), all at one version.
/// [SegmentCache] and [FileCache] hold the files. Of segments whose files are on their way, [ArrivingSegments] brings what a read needs:
/// columns ([ColumnFetch]), or lists of an index ([ListFetch]), both by ranges of the object ([PartFetch]).
@NullMarked
package io.elanus.querynode;

import org.jspecify.annotations.NullMarked;
