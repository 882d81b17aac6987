package io.elanus.proxy.read;

import io.elanus.common.model.ShardId;
import io.elanus.rpc.internal.QueryNodeApi;

/// What is asked of a shard.
@FunctionalInterface
public interface ShardCall<R> {
  /// @param cold nobody was given the shard: the node is to serve it all the same
  R ask(QueryNodeApi node, ShardId shard, boolean cold);
}
