package io.elanus.simulation;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Pin;
import io.elanus.common.model.ShardId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.FloorMeta;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.PinsCodec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Follows every commit of the metastore, in their order, and holds each new manifest against its parent and
/// against the replay of the log up to its checkpoint (invariants 2, 4, 6, 7, 8, 9, 10).
final class ManifestChecks {
  /// A committed manifest of a shard, as far as it is needed later.
  record Committed(ShardPointer pointer, Manifest manifest) {}

  private final MetaStore meta;
  private final ObjectStore objects;
  private final LogHistory history;
  private final Verdicts verdicts;
  private final CatalogChecks catalog;
  private final Poison poison;
  private final ReplayChecks replay;
  private final ContinuationChecks continuation;
  private final IndexChecks indexes;
  private final ReadableChecks readable;
  private final SnapshotChecks snapshots;
  private final Map<String, Long> epochs = new HashMap<>();
  private final Map<ShardId, Committed> newest = new TreeMap<>();

  private final Map<LogId, Long> floors = new HashMap<>();
  private Optional<Collection> collection = Optional.empty();
  private final Map<CollectionId, List<Pin>> pins = new HashMap<>();
  private long seen;
  private long manifestCount;
  private long deleteFileCount;
  private long fenceCount;

  ManifestChecks(
      MetaStore meta,
      ObjectStore objects,
      LogHistory history,
      CatalogChecks catalog,
      Poison poison,
      Verdicts verdicts,
      Path scratch) {
    this.meta = meta;
    this.objects = objects;
    this.history = history;
    this.catalog = catalog;
    this.poison = poison;
    this.verdicts = verdicts;
    SegmentContents segments = new SegmentContents(objects, scratch);
    ManifestRows rows = new ManifestRows(objects, segments);
    this.replay = new ReplayChecks(history, catalog, rows);
    this.continuation = new ContinuationChecks(history, catalog, rows);
    this.indexes = new IndexChecks(objects, segments);
    this.readable = new ReadableChecks(meta, objects);
    this.snapshots = new SnapshotChecks(meta, objects, history, catalog, rows);
  }

  /// The collection that is there all the time.
  void know(Collection created) {
    collection = Optional.of(created);
  }

  Collection collection() {
    return collection.orElseThrow();
  }

  /// Runs as a task of the world, until the end.
  void follow() {
    try (MetaWatch watch = meta.watch("", 0)) {
      while (true) {
        for (MetaEvent event : watch.poll(Deadline.NEVER)) {
          verdicts.check(() -> take(event));
          seen = event.revision() - 1; // there may be more of it
        }
      }
    }
  }

  /// The revision up to which all changes were looked at.
  long seen() {
    return seen;
  }

  private void take(MetaEvent event) {
    catalog.take(event);
    if (event.key().startsWith(MetaKeys.PINS)) {
      takePins(event);
    }
    if (event.key().startsWith(MetaKeys.SNAPSHOTS)) {
      snapshots.takeSnapshot(event, collection().schema());
    }
    if (event.value().isEmpty()) {
      return;
    }
    if (event.key().startsWith(MetaKeys.RESTORES)) {
      snapshots.takeRestore(event);
    }
    var entry = new MetaStore.MetaEntry(event.key(), event.value().get(), event.revision());
    if (event.key().startsWith(MetaKeys.OWNERS)) {
      takeOwner(event.key(), CatalogCodec.parse(entry, OwnerMeta.parser()).getEpoch());
    } else if (event.key().startsWith(MetaKeys.FLOORS)) {
      takeFloor(event.key(), CatalogCodec.parse(entry, FloorMeta.parser()));
    } else if (event.key().startsWith(MetaKeys.POINTERS)) {
      takePointer(ShardPointerCodec.decode(entry.value()));
    }
  }

  private void takePins(MetaEvent event) {
    List<Pin> now =
        event
            .value()
            .map(value ->
                PinsCodec.decode(new MetaStore.MetaEntry(event.key(), value, event.revision())))
            .orElse(List.of());
    pins.put(MetaKeys.collectionOf(event.key()), now);
  }

  /// Marks that were pinned when a manifest was committed, over all manifests.
  long pinnedCount() {
    return replay.pinnedCount();
  }

  private void takeOwner(String key, long epoch) {
    Long before = epochs.put(key, epoch);
    Violation.unless(
        before == null || before < epoch, "6: %s: epoch %d after %d", key, epoch, before);
  }

  private void takeFloor(String key, FloorMeta floor) {
    LogId log = new LogId(Integer.parseInt(key.substring(MetaKeys.FLOORS.length())));
    long offset = floor.getOffset();
    long before = floors.getOrDefault(log, 0L);
    floors.put(log, offset);
    Violation.unless(before <= offset, "9: floor of log %s is %d after %d", log, offset, before);
    Violation.unless(
        epochs.getOrDefault(MetaKeys.owner(log), 0L) == floor.getEpoch(),
        "7: floor of log %s is set by epoch %d",
        log,
        floor.getEpoch());
    poison.checkFloor(log, offset);
    history.catchUp(log);
    history
        .models()
        .forEach((shard, model) -> {
          if (catalog.log(shard).equals(log) && !model.isDropped()) {
            Optional<Long> needed = model.firstRecordFrom(checkpointOf(shard));
            Violation.unless(
                needed.isEmpty() || offset <= needed.get(),
                "9: floor %d of log %s, but shard %s has a record at %s in no manifest",
                offset,
                log,
                shard,
                needed.orElse(-1L));
          }
        });
  }

  /// The offset up to which manifests cover the shard.
  long checkpointOf(ShardId shard) {
    return Optional.ofNullable(newest.get(shard))
        .map(c -> c.manifest.checkpoint().position().offset())
        .orElse(0L);
  }

  private void takePointer(ShardPointer pointer) {
    ShardId shard = pointer.shard();
    if (catalog.find(shard.collection()).name().equals(Poison.NAME)) {
      poison.take(pointer);
      return;
    }
    Manifest manifest = ManifestCodec.decode(objects.read(pointer.manifest()));
    Optional<Snapshot> restoredFrom = snapshots.restoredFrom(shard.collection());
    if (restoredFrom.isPresent()) {
      newest.put(shard, new Committed(pointer, manifest));
      snapshots.checkRestored(pointer, manifest, collection().schema(), restoredFrom.get());
      return;
    }
    Optional<Committed> parent = Optional.ofNullable(newest.get(shard));
    if (parent.filter(p -> p.pointer.manifest().equals(pointer.manifest())).isPresent()) {
      takeFence(parent.get(), pointer);
      return;
    }
    manifestCount++;
    deleteFileCount += manifest.deleteFiles().size();
    newest.put(shard, new Committed(pointer, manifest));
    checkPointer(pointer, manifest);
    Violation.unless(
        parent.isPresent() || manifest.parent().isEmpty(), "6: %s: parent unknown", pointer);
    long epoch = epochs.getOrDefault(MetaKeys.owner(catalog.log(shard)), 0L);
    Violation.unless(
        pointer.epoch() == epoch,
        "7: shard %s: manifest %d of epoch %d is committed while epoch %d owns the log",
        shard,
        pointer.version(),
        pointer.epoch(),
        epoch);
    if (catalog.isGone(shard.collection())) {
      return; // its owner has not heard yet; nobody reads it, and the files it names may be swept
    }
    parent.ifPresent(p -> continuation.check(p, pointer, manifest));
    CollectionSchema schema = collection().schema();
    manifest.allSegments().forEach(segment -> indexes.check(shard, segment, schema));
    readable.check(pointer, manifest);
    snapshots.checkNamed();
    replay.check(manifest, schema, pins.getOrDefault(shard.collection(), List.of()));
  }

  /// Another pointer to the same manifest puts older ones out of reach, and nothing else.
  private void takeFence(Committed parent, ShardPointer pointer) {
    fenceCount++;
    newest.put(pointer.shard(), new Committed(pointer, parent.manifest));
    ShardPointer before = parent.pointer;
    Violation.unless(
        pointer.equals(before.swept(pointer.oldestReadable(), pointer.fence()))
            && pointer.oldestReadable() >= before.oldestReadable()
            && pointer.oldestReadable() <= pointer.version()
            && pointer.fence() >= before.fence(),
        "6: shard %s: %s after %s",
        pointer.shard(),
        pointer,
        before);
    readable.check(pointer);
    snapshots.checkNamed();
  }

  /// Somebody is about to ask for a snapshot of the checked collection.
  void asked(String snapshot) {
    snapshots.asked(snapshot, collection());
  }

  /// Objects of the checked collection that nothing readable names.
  List<ObjectKey> garbage() {
    newest.values().stream()
        .map(Committed::pointer)
        .filter(pointer -> pointer.shard().collection().equals(collection().id()))
        .forEach(readable::check);
    Set<ObjectKey> kept = snapshots.named();
    String ofSnapshots = ObjectLayout.snapshots(collection().id());
    return readable.garbage(collection().id()).stream()
        .filter(key -> !kept.contains(key) && !key.value().startsWith(ofSnapshots))
        .toList();
  }

  private void checkPointer(ShardPointer pointer, Manifest manifest) {
    Checkpoint checkpoint = manifest.checkpoint();
    Violation.unless(
        pointer.version() == manifest.version()
            && pointer.epoch() == manifest.epoch()
            && pointer.checkpoint().equals(checkpoint.position())
            && pointer.effectiveVersion() == checkpoint.version()
            && pointer.horizon() == checkpoint.horizon()
            && pointer.covered().equals(manifest.covered()),
        "6: %s does not say what its manifest does",
        pointer);
  }

  /// How often a log changed hands.
  long takeoverCount() {
    return epochs.values().stream().mapToLong(epoch -> epoch - 1).sum();
  }

  long manifestCount() {
    return manifestCount;
  }

  /// Edits of index builders that are in manifests.
  long editCount() {
    return continuation.editCount();
  }

  /// Segments of the checked collection of which no row is left.
  long expiredSegments() {
    return newest.values().stream()
        .map(Committed::manifest)
        .filter(manifest -> manifest.shard().collection().equals(collection().id()))
        .mapToLong(manifest -> {
          long through = manifest.checkpoint().expiry().newest();
          return manifest.segments().stream().filter(s -> s.maxVersion() <= through).count();
        })
        .sum();
  }

  /// Manifests in which segments are gone for others.
  long compactionCount() {
    return continuation.compactionCount();
  }

  /// Pointers that put manifests and attempts out of reach.
  long fenceCount() {
    return fenceCount;
  }

  long deleteFileCount() {
    return deleteFileCount;
  }

  long snapshotCount() {
    return snapshots.snapshotCount();
  }

  /// Shards that were restored.
  long restoredCount() {
    return snapshots.restoredCount();
  }
}
