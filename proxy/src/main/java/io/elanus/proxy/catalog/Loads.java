package io.elanus.proxy.catalog;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.proto.internal.LoadStateRequest;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.rpc.internal.Peers;

/// Which collections are to be served, and how far that is; asked of querycoord each time.
public final class Loads {
  private final Peers peers;

  public Loads(Peers peers) {
    this.peers = peers;
  }

  public LoadStateResponse state(Collection collection) {
    return peers
        .queryCoord()
        .loadState(LoadStateRequest.newBuilder().setCollectionId(collection.id().value()).build());
  }

  /// @throws DbException `COLLECTION_NOT_LOADED` when nobody wants the collection served
  public LoadStateResponse require(Collection collection) {
    LoadStateResponse state = state(collection);
    if (!state.getWanted()) {
      throw ErrorCode.COLLECTION_NOT_LOADED.with("collection", collection.name());
    }
    return state;
  }
}
