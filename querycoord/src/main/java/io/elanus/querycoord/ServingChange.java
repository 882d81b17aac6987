package io.elanus.querycoord;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;

/// One change of [ServingState]: one entry of the metastore written or removed.
sealed interface ServingChange {
  record PutLoad(CollectionId collection, ServingState.Load load) implements ServingChange {}

  record RemoveLoad(CollectionId collection) implements ServingChange {}

  record PutRoute(ShardId shard, NodeId node) implements ServingChange {}

  record RemoveRoute(ShardId shard) implements ServingChange {}
}
