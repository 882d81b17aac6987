package io.elanus.querycoord.serving;

import io.elanus.common.model.CollectionId;

/// One change of [ServingState]: one entry of the metastore written or removed.
public sealed interface ServingChange {
  record PutLoad(CollectionId collection, Load load) implements ServingChange {}

  record RemoveLoad(CollectionId collection) implements ServingChange {}

  record PutReplica(ReplicaKey key, Replica replica) implements ServingChange {}

  record RemoveReplica(ReplicaKey key) implements ServingChange {}

  record PutRoute(RouteKey key, Route route) implements ServingChange {}

  record RemoveRoute(RouteKey key) implements ServingChange {}

  record PutGroup(ResourceGroup group) implements ServingChange {}

  record RemoveGroup(String name) implements ServingChange {}
}
