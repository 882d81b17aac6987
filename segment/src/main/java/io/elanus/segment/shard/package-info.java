/// A shard at an instant: the segments of its manifest, their deletes and the tail. A [LiveShard]
/// follows the log and takes new manifests; a [ShardSnapshot] of it searches, queries, counts and
/// fetches at one version.
@NullMarked
package io.elanus.segment.shard;

import org.jspecify.annotations.NullMarked;
