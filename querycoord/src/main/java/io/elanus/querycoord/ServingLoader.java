package io.elanus.querycoord;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.proto.internal.LoadMeta;
import io.elanus.proto.internal.RouteMeta;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.ArrayList;
import java.util.List;

/// Reads loads and routes back from the store.
final class ServingLoader {
  private ServingLoader() {}

  static ServingState load(MetaStore store) {
    List<ServingChange> changes = new ArrayList<>();
    store.range(MetaKeys.LOADS).entries().forEach(entry -> changes.add(load(store, entry)));
    store.range(MetaKeys.ROUTES).entries().forEach(entry -> changes.add(route(entry)));
    return ServingState.EMPTY.apply(changes);
  }

  /// Of a collection that is gone nothing is served; it is forgotten soon.
  private static ServingChange load(MetaStore store, MetaEntry entry) {
    LoadMeta meta = CatalogCodec.parse(entry, LoadMeta.parser());
    CollectionId collection = new CollectionId(meta.getCollectionId());
    int shards =
        store
            .get(MetaKeys.collection(collection))
            .map(CatalogCodec::collection)
            .map(Collection::shardCount)
            .orElse(0);
    return new ServingChange.PutLoad(
        collection, new ServingState.Load(meta.getReplicaNumber(), shards));
  }

  private static ServingChange route(MetaEntry entry) {
    RouteMeta meta = CatalogCodec.parse(entry, RouteMeta.parser());
    return new ServingChange.PutRoute(shard(entry.key()), new NodeId(meta.getNodeId()));
  }

  /// `route/<collection>/<shard>`
  static ShardId shard(String key) {
    String[] parts = key.split("/", -1);
    return new ShardId(new CollectionId(Long.parseLong(parts[1])), Integer.parseInt(parts[2]));
  }
}
