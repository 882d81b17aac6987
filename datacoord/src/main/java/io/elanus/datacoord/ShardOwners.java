package io.elanus.datacoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.Collection;
import io.elanus.common.model.ShardId;
import io.elanus.common.wal.LogId;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;
import java.util.Optional;
import java.util.function.Supplier;

/// The datanodes that own shards' logs, as they were given to them.
final class ShardOwners {
  private final MetaStore meta;
  private final Peers peers;
  private final Supplier<DataState> state;

  ShardOwners(MetaStore meta, Peers peers, Supplier<DataState> state) {
    this.meta = meta;
    this.peers = peers;
    this.state = state;
  }

  /// @throws io.elanus.common.error.DbException `COLLECTION_NOT_FOUND`, `CHANNEL_NOT_AVAILABLE`
  DataNodeApi of(ShardId shard) {
    Collection collection =
        meta.get(MetaKeys.collection(shard.collection()))
            .map(CatalogCodec::collection)
            .orElseThrow(
                () -> ErrorCode.COLLECTION_NOT_FOUND.with("collection", shard.collection()));
    LogId log = collection.log(shard);
    return Optional.ofNullable(state.get().owners().get(log))
        .map(owner -> peers.dataNode(owner.node()))
        .orElseThrow(() -> ErrorCode.CHANNEL_NOT_AVAILABLE.because("log %s has no owner yet", log));
  }
}
