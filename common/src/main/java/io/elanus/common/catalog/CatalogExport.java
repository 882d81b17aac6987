package io.elanus.common.catalog;

import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import java.util.List;

/// The whole catalog at one instant.
///
/// @param incarnation of the cluster it was exported from
/// @param timestamp from the oracle, taken before the catalog was looked at: of two exports the one with the
///     larger timestamp has everything that was answered before the other began
/// @param nextId ids at or above it were not given out yet
/// @param entries every entry of the metastore below `catalog/` and `security/`, by key
public record CatalogExport(
    long incarnation, long timestamp, long nextId, List<CatalogEntry> entries) {
  public CatalogExport {
    entries = List.copyOf(entries);
  }

  /// The key it is stored under. Timestamps never repeat, so there is one export per key.
  public ObjectKey key() {
    return ObjectLayout.catalog(timestamp, incarnation);
  }
}
