package io.elanus.proxy.read;

import io.elanus.common.model.Key;
import io.elanus.common.topk.Hit;

/// A hit of one shard.
///
/// @param row of the hit among the rows of all shards, shard after shard
record ShardHit(Key key, float score, int row) implements Hit {}
