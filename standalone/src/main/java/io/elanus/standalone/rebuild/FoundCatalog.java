package io.elanus.standalone.rebuild;

import io.elanus.common.catalog.CatalogEntry;
import io.elanus.common.catalog.CatalogExport;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.List;

/// Reads what a rebuild has to understand of an export; all else is written back as it was.
final class FoundCatalog {
  private FoundCatalog() {}

  static boolean isCollection(CatalogEntry entry) {
    return entry.key().startsWith(MetaKeys.COLLECTIONS);
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`
  static Collection collection(CatalogEntry entry) {
    return CatalogCodec.collection(new MetaEntry(entry.key(), entry.value(), 0));
  }

  static List<Collection> collections(CatalogExport export) {
    return export.entries().stream()
        .filter(FoundCatalog::isCollection)
        .map(FoundCatalog::collection)
        .toList();
  }
}
