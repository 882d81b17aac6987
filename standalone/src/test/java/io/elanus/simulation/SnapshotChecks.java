package io.elanus.simulation;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.ShardId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.RestoreMeta;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.SnapshotCodec;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Holds snapshots, and what is made of them, against the replay of the log (invariants 8, 13).
final class SnapshotChecks {
  private final MetaStore meta;
  private final ObjectStore objects;
  private final LogHistory history;
  private final CatalogChecks catalog;
  private final ManifestRows rows;

  /// What snapshots name, by their keys in the metastore.
  private final Map<String, Set<ObjectKey>> snapshots = new TreeMap<>();

  /// Up to where each log was acknowledged when somebody asked for a snapshot of that name.
  private final Map<String, Map<LogId, Long>> asked = new TreeMap<>();

  /// What collections are made of.
  private final Map<CollectionId, Snapshot> restored = new TreeMap<>();

  private long snapshotCount;
  private long restoredCount;

  SnapshotChecks(
      MetaStore meta,
      ObjectStore objects,
      LogHistory history,
      CatalogChecks catalog,
      ManifestRows rows) {
    this.meta = meta;
    this.objects = objects;
    this.history = history;
    this.catalog = catalog;
    this.rows = rows;
  }

  /// Somebody is about to ask for a snapshot: what is acknowledged by now is going to be in it.
  void asked(String snapshot, Collection of) {
    Map<LogId, Long> ends = new TreeMap<>();
    of.shardLogs().forEach(log -> ends.put(log, history.ackedEnd(log)));
    asked.put(snapshot, ends);
  }

  /// A snapshot is what the log says before its Mark (13), and what it names is there (8).
  void takeSnapshot(MetaEvent event, CollectionSchema schema) {
    snapshots.remove(event.key());
    if (event.value().isEmpty() || meta.get(event.key()).isEmpty()) {
      return;
    }
    Snapshot snapshot = SnapshotCodec.snapshot(entry(event));
    Set<ObjectKey> named = new HashSet<>();
    for (Snapshot.Image shard : snapshot.shards()) {
      Manifest manifest = ManifestCodec.decode(objects.read(shard.manifest()));
      named.add(shard.manifest());
      manifest.files().forEach(file -> named.add(file.key()));
      checkImage(snapshot, manifest, schema, shard.version());
    }
    snapshots.put(event.key(), named);
    snapshotCount++;
    checkNamed();
  }

  void takeRestore(MetaEvent event) {
    RestoreMeta restore = CatalogCodec.parse(entry(event), RestoreMeta.parser());
    if (restore.hasRunning()) {
      restored.put(
          new CollectionId(restore.getTargetId()),
          SnapshotCodec.decode(restore.getRunning().getSnapshot()));
    }
  }

  private static MetaEntry entry(MetaEvent event) {
    return new MetaEntry(event.key(), event.value().orElseThrow(), event.revision());
  }

  /// What the collection is made of; empty for most.
  Optional<Snapshot> restoredFrom(CollectionId collection) {
    return Optional.ofNullable(restored.get(collection));
  }

  /// The first manifest of a shard that was restored has the rows that the log of another one has before the Mark
  /// (13). What comes later is not in the log alone.
  void checkRestored(
      ShardPointer pointer, Manifest manifest, CollectionSchema schema, Snapshot snapshot) {
    if (manifest.version() > 1 || pointer.fence() > 0) {
      return;
    }
    restoredCount++;
    long version = snapshot.shards().get(pointer.shard().index()).version();
    ShardId source = snapshot.collection().shard(pointer.shard().index());
    String found =
        ShardModel.describe(rows.visible(manifest, manifest.segments(), schema, version));
    String wanted = ShardModel.describe(history.model(source).visible(version));
    Violation.unless(
        found.equals(wanted) && manifest.checkpoint().version() == version,
        "13: shard %s is restored at version %d%n holds    %s%n replay of %s is %s",
        pointer.shard(),
        version,
        found,
        source,
        wanted);
  }

  private void checkImage(
      Snapshot snapshot, Manifest manifest, CollectionSchema schema, long version) {
    history.catchUp(catalog.log(manifest.shard()));
    ShardModel model = history.model(manifest.shard());
    Optional<ShardModel.Met> met = model.mark(snapshot.mark());
    Checkpoint checkpoint = manifest.checkpoint();
    Violation.unless(
        met.isPresent()
            && met.get().version() == version
            && met.get().offset() < checkpoint.position().offset()
            && checkpoint.horizon() <= version,
        "13: snapshot %s names manifest %d of shard %s at %d, replay met its mark at %s",
        snapshot.name(),
        manifest.version(),
        manifest.shard(),
        version,
        met);
    long acked =
        Optional.ofNullable(asked.get(snapshot.name()))
            .map(ends -> ends.getOrDefault(catalog.log(manifest.shard()), 0L))
            .orElse(0L);
    Violation.unless(
        met.orElseThrow().offset() >= acked,
        "13: snapshot %s of shard %s is as of %d, when it was asked for %d was acknowledged",
        snapshot.name(),
        manifest.shard(),
        met.orElseThrow().offset(),
        acked);
    String found =
        ShardModel.describe(rows.visible(manifest, manifest.segments(), schema, version));
    String wanted = ShardModel.describe(model.visible(version));
    Violation.unless(
        found.equals(wanted),
        "13: snapshot %s of shard %s at version %d%n holds    %s%n replay is %s",
        snapshot.name(),
        manifest.shard(),
        version,
        found,
        wanted);
  }

  /// What snapshots name is there (8).
  void checkNamed() {
    snapshots.forEach((key, named) ->
        named.forEach(object ->
            Violation.unless(
                objects.size(object).isPresent() || meta.get(key).isEmpty(),
                "8: %s is gone, which %s names",
                object,
                key)));
  }

  Set<ObjectKey> named() {
    Set<ObjectKey> all = new HashSet<>();
    snapshots.values().forEach(all::addAll);
    return all;
  }

  long snapshotCount() {
    return snapshotCount;
  }

  /// Shards that were restored.
  long restoredCount() {
    return restoredCount;
  }
}
