package io.elanus.standalone.rebuild;

import io.elanus.common.catalog.CatalogExports;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.wal.LogId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Looks at everything that is left: the newest export of the catalog, the manifests of each shard with the objects
/// they name, the logs. Changes nothing. Reads every byte that a chosen manifest names.
final class Survey {
  private final RebuildPorts ports;
  private final ObjectCheck check;
  private final Consumer<String> progress;

  /// @param progress is told what was looked at
  Survey(RebuildPorts ports, ObjectCheck check, Consumer<String> progress) {
    this.ports = ports;
    this.check = check;
    this.progress = progress;
  }

  /// @throws DbException `STORAGE_KEY_NOT_FOUND` when there is no export; `CORRUPT` when it names a log there is
  ///     not; what the log and the bucket throw
  Findings take() {
    CatalogExports.Newest newest = new CatalogExports(ports.objects()).newest();
    var export =
        newest
            .export()
            .orElseThrow(() ->
                new DbException(
                    ErrorCode.STORAGE_KEY_NOT_FOUND,
                    "the bucket has no export of a catalog that can be read: " + newest.damaged()));
    List<Collection> collections = FoundCatalog.collections(export);
    collections.forEach(this::requireLogs);
    progress.accept("catalog: %d collections in %s".formatted(collections.size(), export.key()));
    SortedMap<LogId, FoundLog> logs = logs();
    List<FoundShard> shards = shards(collections);
    SnapshotSurvey snapshots = new SnapshotSurvey(ports.objects(), check);
    collections.forEach(collection -> snapshots.read(collection.id()));
    return new Findings(
        export, newest.damaged(), shards, snapshots.whole(), snapshots.damaged(), logs);
  }

  private void requireLogs(Collection collection) {
    for (LogId log : collection.shardLogs()) {
      if (log.value() >= ports.wal().logCount()) {
        throw ErrorCode.CORRUPT.because(
            "collection %s writes to log %s, but there are only %d logs",
            collection.id(), log, ports.wal().logCount());
      }
    }
  }

  /// Side by side: each waits for its own log.
  private SortedMap<LogId, FoundLog> logs() {
    List<LogId> ids = new ArrayList<>();
    for (int i = 0; i < ports.wal().logCount(); i++) {
      ids.add(new LogId(i));
    }
    SortedMap<LogId, FoundLog> found = new TreeMap<>();
    new FanOut(ports.run())
        .atMost(4)
        .all(ids, Deadline.NEVER, id -> LogSurvey.read(ports.wal(), id))
        .forEach(log -> {
          found.put(log.log(), log);
          progress.accept("log %s: from %s to %s".formatted(log.log(), log.start(), log.end()));
        });
    return found;
  }

  private List<FoundShard> shards(List<Collection> collections) {
    ManifestSurvey manifests = new ManifestSurvey(ports.objects(), check);
    List<FoundShard> found = new ArrayList<>();
    for (Collection collection : collections) {
      for (int shard = 0; shard < collection.shardCount(); shard++) {
        ShardId id = collection.shard(shard);
        found.add(manifests.read(id));
        progress.accept("shard %s: looked at".formatted(id));
      }
    }
    return found;
  }
}
