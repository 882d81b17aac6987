package io.elanus.standalone.rebuild;

import io.elanus.common.catalog.CatalogExport;
import io.elanus.common.model.CollectionId;
import io.elanus.common.wal.LogId;
import io.elanus.standalone.rebuild.FoundLog.Traces;
import java.util.List;
import java.util.SortedMap;

/// All that is left of a cluster without its metastore.
///
/// @param export the newest that can be read
/// @param damagedExports newer ones that cannot
/// @param shards of the collections of the export
record Findings(
    CatalogExport export,
    List<String> damagedExports,
    List<FoundShard> shards,
    SortedMap<LogId, FoundLog> logs) {
  Findings {
    damagedExports = List.copyOf(damagedExports);
    shards = List.copyOf(shards);
  }

  /// What all logs together say about a collection.
  Traces traces(CollectionId collection) {
    return logs.values().stream()
        .map(log -> log.collections().getOrDefault(collection, Traces.NONE))
        .reduce(Traces.NONE, Traces::and);
  }
}
