package io.elanus.rootcoord;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.stream.Stream;

/// Reads the catalog back from the store.
final class CatalogLoader {
  private CatalogLoader() {}

  static CatalogState load(MetaStore store) {
    return CatalogState.EMPTY.apply(
        Stream.of(
                store.range(MetaKeys.DATABASES).entries().stream().map(CatalogLoader::database),
                store.range(MetaKeys.COLLECTIONS).entries().stream().map(CatalogLoader::collection),
                store.range(MetaKeys.INDEXES).entries().stream().map(CatalogLoader::index))
            .flatMap(changes -> changes)
            .toList());
  }

  private static CatalogChange database(MetaEntry entry) {
    return new CatalogChange.PutDatabase(CatalogCodec.database(entry));
  }

  private static CatalogChange collection(MetaEntry entry) {
    return new CatalogChange.PutCollection(CatalogCodec.collection(entry));
  }

  private static CatalogChange index(MetaEntry entry) {
    return new CatalogChange.PutIndex(CatalogCodec.index(entry));
  }
}
