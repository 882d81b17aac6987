package io.elanus.standalone.rebuild;

import io.elanus.common.catalog.CatalogExport;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.wal.LogId;
import io.elanus.standalone.rebuild.FoundRecords.Traces;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/// All that is left of a cluster without its metastore.
///
/// @param export the newest that can be read
/// @param damagedExports newer ones that cannot
/// @param shards of the collections of the export
/// @param snapshots of these collections
/// @param damagedSnapshots those that are not whole
record Findings(
    CatalogExport export,
    List<String> damagedExports,
    List<FoundShard> shards,
    List<Snapshot> snapshots,
    List<String> damagedSnapshots,
    SortedMap<LogId, FoundLog> logs) {
  Findings {
    damagedExports = List.copyOf(damagedExports);
    shards = List.copyOf(shards);
    snapshots = List.copyOf(snapshots);
    damagedSnapshots = List.copyOf(damagedSnapshots);
  }

  /// What all logs and spill files together say about a collection.
  Traces traces(CollectionId collection) {
    return records().map(records -> records.of(collection)).reduce(Traces.NONE, Traces::and);
  }

  /// Of the logs, and of the spill files of manifests.
  Stream<FoundRecords> records() {
    return Stream.concat(
        logs.values().stream().map(FoundLog::records),
        shards.stream().flatMap(shard -> shard.manifests().stream()).map(FoundManifest::spilled));
  }
}
