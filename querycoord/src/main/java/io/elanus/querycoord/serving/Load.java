package io.elanus.querycoord.serving;

import io.elanus.common.model.LoadScope;

/// A collection that is to be served.
///
/// @param shardCount of the collection, fixed for its life; 0 when the catalog has it no more
public record Load(int replicaNumber, int shardCount, LoadScope scope) {
  public Load with(LoadScope newScope) {
    return new Load(replicaNumber, shardCount, newScope);
  }
}
