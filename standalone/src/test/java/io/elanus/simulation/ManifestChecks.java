package io.elanus.simulation;

import io.elanus.common.format.Format;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.MarkPoint;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.manifest.Staged;
import io.elanus.common.manifest.WriterWindow;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Pin;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.wal.LogId;
import io.elanus.index.FloatVectors;
import io.elanus.index.HnswIndex;
import io.elanus.proto.internal.FloorMeta;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.proto.internal.RestoreMeta;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.PinsCodec;
import io.elanus.rpc.codec.SnapshotCodec;
import io.elanus.segment.delete.DeleteFile;
import io.elanus.segment.delete.Deletes;
import io.elanus.simulation.ShardModel.Row;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
  private final SegmentContents segments;
  private final Map<String, Long> epochs = new HashMap<>();
  private final Map<ShardId, Committed> newest = new TreeMap<>();

  /// The manifests that may be read still, by version.
  private final Map<ShardId, TreeMap<Long, Manifest>> readable = new HashMap<>();

  private final Map<LogId, Long> floors = new HashMap<>();

  /// Index files that were looked into.
  private final Set<String> opened = new HashSet<>();

  private Optional<Collection> collection = Optional.empty();
  private final Map<CollectionId, List<Pin>> pins = new HashMap<>();

  /// What snapshots name, by their keys in the metastore.
  private final Map<String, Set<ObjectKey>> snapshots = new TreeMap<>();

  /// Up to where each log was acknowledged when somebody asked for a snapshot of that name.
  private final Map<String, Map<LogId, Long>> asked = new TreeMap<>();

  private long snapshotCount;

  /// What collections are made of.
  private final Map<CollectionId, Snapshot> restored = new TreeMap<>();

  private long restoredCount;
  private long pinnedCount;
  private long seen;
  private long manifestCount;
  private long deleteFileCount;
  private long editCount;
  private long compactionCount;
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
    this.segments = new SegmentContents(objects, scratch);
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
      takeSnapshot(event);
    }
    if (event.value().isEmpty()) {
      return;
    }
    if (event.key().startsWith(MetaKeys.RESTORES)) {
      takeRestore(event);
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

  /// Somebody is about to ask for a snapshot: what is acknowledged by now is going to be in it.
  void asked(String snapshot) {
    Map<LogId, Long> ends = new TreeMap<>();
    collection().shardLogs().forEach(log -> ends.put(log, history.ackedEnd(log)));
    asked.put(snapshot, ends);
  }

  /// A snapshot is what the log says before its Mark (13), and what it names is there (8).
  private void takeSnapshot(MetaEvent event) {
    snapshots.remove(event.key());
    if (event.value().isEmpty() || meta.get(event.key()).isEmpty()) {
      return;
    }
    Snapshot snapshot =
        SnapshotCodec.snapshot(
            new MetaStore.MetaEntry(event.key(), event.value().get(), event.revision()));
    Set<ObjectKey> named = new HashSet<>();
    for (int i = 0; i < snapshot.shards().size(); i++) {
      ObjectKey key = snapshot.shards().get(i).manifest();
      Manifest manifest = ManifestCodec.decode(objects.read(key));
      named.add(key);
      manifest.files().forEach(file -> named.add(file.key()));
      checkImage(snapshot, manifest, snapshot.shards().get(i).version());
    }
    snapshots.put(event.key(), named);
    snapshotCount++;
    checkSnapshots();
  }

  private void takeRestore(MetaEvent event) {
    RestoreMeta restore =
        CatalogCodec.parse(
            new MetaStore.MetaEntry(event.key(), event.value().orElseThrow(), event.revision()),
            RestoreMeta.parser());
    if (restore.hasRunning()) {
      restored.put(
          new CollectionId(restore.getTargetId()),
          SnapshotCodec.decode(restore.getRunning().getSnapshot()));
    }
  }

  /// The first manifest of a shard that was restored has the rows that the log of another one has before the Mark
  /// (13). What comes later is not in the log alone.
  private void takeRestored(ShardPointer pointer, Snapshot snapshot) {
    Manifest manifest = ManifestCodec.decode(objects.read(pointer.manifest()));
    newest.put(pointer.shard(), new Committed(pointer, manifest));
    if (manifest.version() > 1 || pointer.fence() > 0) {
      return;
    }
    restoredCount++;
    long version = snapshot.shards().get(pointer.shard().index()).version();
    ShardId source = snapshot.collection().shard(pointer.shard().index());
    String found = ShardModel.describe(visible(manifest, manifest.segments(), version));
    String wanted = ShardModel.describe(history.model(source).visible(version));
    require(
        found.equals(wanted) && manifest.checkpoint().version() == version,
        "13: shard %s is restored at version %d%n holds    %s%n replay of %s is %s",
        pointer.shard(),
        version,
        found,
        source,
        wanted);
  }

  /// Shards that were restored.
  long restoredCount() {
    return restoredCount;
  }

  private void checkImage(Snapshot snapshot, Manifest manifest, long version) {
    history.catchUp(catalog.log(manifest.shard()));
    ShardModel model = history.model(manifest.shard());
    Optional<ShardModel.Met> met = model.mark(snapshot.mark());
    Checkpoint checkpoint = manifest.checkpoint();
    require(
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
        asked
            .getOrDefault(snapshot.name(), Map.of())
            .getOrDefault(catalog.log(manifest.shard()), 0L);
    require(
        met.get().offset() >= acked,
        "13: snapshot %s of shard %s is as of %d, when it was asked for %d was acknowledged",
        snapshot.name(),
        manifest.shard(),
        met.get().offset(),
        acked);
    String found = ShardModel.describe(visible(manifest, manifest.segments(), version));
    String wanted = ShardModel.describe(model.visible(version));
    require(
        found.equals(wanted),
        "13: snapshot %s of shard %s at version %d%n holds    %s%n replay is %s",
        snapshot.name(),
        manifest.shard(),
        version,
        found,
        wanted);
  }

  private void checkSnapshots() {
    snapshots.forEach((key, named) ->
        named.forEach(object ->
            require(
                objects.size(object).isPresent() || meta.get(key).isEmpty(),
                "8: %s is gone, which %s names",
                object,
                key)));
  }

  long snapshotCount() {
    return snapshotCount;
  }

  /// What is pinned when a manifest is committed is readable by it (13).
  private void checkPins(Manifest manifest, ShardModel model) {
    Checkpoint checkpoint = manifest.checkpoint();
    for (Pin pin : pins.getOrDefault(manifest.shard().collection(), List.of())) {
      Optional<ShardModel.Met> met =
          model.mark(pin.mark()).filter(m -> m.offset() < checkpoint.position().offset());
      if (met.isPresent()) {
        long version = met.get().version();
        require(
            checkpoint.horizon() <= version
                && checkpoint.marks().contains(new MarkPoint(pin.mark(), version)),
            "13: shard %s: manifest %d has horizon %d and marks %s, %d is pinned at %d",
            manifest.shard(),
            manifest.version(),
            checkpoint.horizon(),
            checkpoint.marks(),
            pin.mark(),
            version);
        pinnedCount++;
      }
    }
  }

  /// Marks that were pinned when a manifest was committed, over all manifests.
  long pinnedCount() {
    return pinnedCount;
  }

  private void takeOwner(String key, long epoch) {
    Long before = epochs.put(key, epoch);
    require(before == null || before < epoch, "6: %s: epoch %d after %d", key, epoch, before);
  }

  private void takeFloor(String key, FloorMeta floor) {
    LogId log = new LogId(Integer.parseInt(key.substring(MetaKeys.FLOORS.length())));
    long offset = floor.getOffset();
    long before = floors.getOrDefault(log, 0L);
    floors.put(log, offset);
    require(before <= offset, "9: floor of log %s is %d after %d", log, offset, before);
    require(
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
            require(
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
    Snapshot restoredFrom = restored.get(shard.collection());
    if (restoredFrom != null) {
      takeRestored(pointer, restoredFrom);
      return;
    }
    Manifest manifest = ManifestCodec.decode(objects.read(pointer.manifest()));
    Optional<Committed> parent = Optional.ofNullable(newest.get(shard));
    if (parent.filter(p -> p.pointer.manifest().equals(pointer.manifest())).isPresent()) {
      takeFence(parent.get(), pointer);
      return;
    }
    manifestCount++;
    deleteFileCount += manifest.deleteFiles().size();
    newest.put(shard, new Committed(pointer, manifest));
    checkPointer(pointer, manifest);
    parent.ifPresent(p -> checkParent(p, pointer, manifest));
    parent.ifPresent(p -> checkContinued(p.manifest, manifest));
    manifest.allSegments().forEach(segment -> checkIndexes(manifest.shard(), segment));
    require(parent.isPresent() || manifest.parent().isEmpty(), "6: %s: parent unknown", pointer);
    long epoch = epochs.getOrDefault(MetaKeys.owner(catalog.log(shard)), 0L);
    require(
        pointer.epoch() == epoch,
        "7: shard %s: manifest %d of epoch %d is committed while epoch %d owns the log",
        shard,
        pointer.version(),
        pointer.epoch(),
        epoch);
    parent.ifPresent(p -> checkFence(p, pointer, manifest));
    checkObjects(manifest);
    readable.computeIfAbsent(shard, _ -> new TreeMap<>()).put(manifest.version(), manifest);
    checkReadable(pointer);
    checkState(manifest);
    checkStaged(manifest);
  }

  /// Another pointer to the same manifest puts older ones out of reach, and nothing else.
  private void takeFence(Committed parent, ShardPointer pointer) {
    fenceCount++;
    newest.put(pointer.shard(), new Committed(pointer, parent.manifest));
    ShardPointer before = parent.pointer;
    require(
        pointer.equals(before.swept(pointer.oldestReadable(), pointer.fence()))
            && pointer.oldestReadable() >= before.oldestReadable()
            && pointer.oldestReadable() <= pointer.version()
            && pointer.fence() >= before.fence(),
        "6: shard %s: %s after %s",
        pointer.shard(),
        pointer,
        before);
    checkReadable(pointer);
  }

  /// Nothing new comes from an attempt that was kept out.
  private static void checkFence(Committed parent, ShardPointer pointer, Manifest manifest) {
    require(
        pointer.fence() >= parent.pointer.fence(),
        "6: shard %s: fence %d after %d",
        pointer.shard(),
        pointer.fence(),
        parent.pointer.fence());
    Set<ObjectKey> known =
        parent.manifest.files().stream().map(FileRef::key).collect(Collectors.toSet());
    for (FileRef file : manifest.files()) {
      require(
          known.contains(file.key())
              || ObjectLayout.attempt(file.key()).orElse(-1) >= parent.pointer.fence(),
          "7: shard %s: manifest %d names %s, which is below the fence %d",
          pointer.shard(),
          manifest.version(),
          file.key(),
          parent.pointer.fence());
    }
  }

  /// What readable manifests name is there (8).
  private void checkReadable(ShardPointer pointer) {
    TreeMap<Long, Manifest> manifestsOf =
        readable.computeIfAbsent(pointer.shard(), _ -> new TreeMap<>());
    manifestsOf.headMap(pointer.oldestReadable()).clear();
    checkSnapshots();
    for (Manifest manifest : manifestsOf.values()) {
      requireThere(manifest, ManifestStore.keyOf(manifest));
      manifest.files().forEach(file -> requireThere(manifest, file.key()));
    }
  }

  private void requireThere(Manifest manifest, ObjectKey key) {
    require(
        objects.size(key).isPresent() || !isReadable(manifest),
        "8: shard %s: %s is gone, which manifest %d names",
        manifest.shard(),
        key,
        manifest.version());
  }

  /// As of now: these checks come a moment after the commit they are about.
  private boolean isReadable(Manifest manifest) {
    return meta.get(MetaKeys.collection(manifest.shard().collection())).isPresent()
        && meta.get(MetaKeys.pointer(manifest.shard()))
            .map(entry -> ShardPointerCodec.decode(entry.value()))
            .filter(pointer -> pointer.oldestReadable() <= manifest.version())
            .isPresent();
  }

  /// Objects of the checked collection that nothing readable names.
  List<ObjectKey> garbage() {
    Set<ObjectKey> named = new HashSet<>();
    newest.values().stream()
        .map(Committed::pointer)
        .filter(pointer -> pointer.shard().collection().equals(collection().id()))
        .forEach(this::checkReadable);
    readable
        .values()
        .forEach(all ->
            all.values()
                .forEach(manifest -> {
                  named.add(ManifestStore.keyOf(manifest));
                  manifest.files().forEach(file -> named.add(file.key()));
                }));
    snapshots.values().forEach(named::addAll);
    String ofSnapshots = ObjectLayout.snapshots(collection().id());
    return objects.list(ObjectLayout.prefix(collection().id()), "", Integer.MAX_VALUE).stream()
        .filter(key -> !named.contains(key) && !key.value().startsWith(ofSnapshots))
        .toList();
  }

  private void checkPointer(ShardPointer pointer, Manifest manifest) {
    Checkpoint checkpoint = manifest.checkpoint();
    require(
        pointer.version() == manifest.version()
            && pointer.epoch() == manifest.epoch()
            && pointer.checkpoint().equals(checkpoint.position())
            && pointer.effectiveVersion() == checkpoint.version()
            && pointer.horizon() == checkpoint.horizon()
            && pointer.covered().equals(manifest.covered()),
        "6: %s does not say what its manifest does",
        pointer);
  }

  private void checkParent(Committed parent, ShardPointer pointer, Manifest manifest) {
    Checkpoint before = parent.manifest.checkpoint();
    Checkpoint after = manifest.checkpoint();
    require(
        manifest.parent().equals(Optional.of(parent.pointer.manifest()))
            && manifest.version() == parent.manifest.version() + 1,
        "6: shard %s: manifest %s has parent %s, not %s",
        pointer.shard(),
        pointer.manifest(),
        manifest.parent(),
        parent.pointer.manifest());
    require(
        after.position().isAtOrAfter(before.position())
            && after.version() >= before.version()
            && after.ddlSequence() >= before.ddlSequence()
            && after.horizon() >= before.horizon()
            && manifest.epoch() >= parent.manifest.epoch()
            && pointer.oldestReadable() >= parent.pointer.oldestReadable(),
        "6: shard %s: %s after %s",
        pointer.shard(),
        pointer,
        parent.pointer);
  }

  private boolean isErased(SegmentEntry segment, Manifest after) {
    history.catchUp(catalog.log(after.shard()));
    return history
        .model(after.shard())
        .erases(segment.partition(), segment.maxVersion(), after.checkpoint().horizon());
  }

  /// Whether it is staged for segments that a flush has erased.
  private static boolean isOrphan(SegmentEntry segment, Manifest before, Manifest after) {
    return before.staged().stream()
        .filter(batch -> batch.segments().contains(segment))
        .anyMatch(batch ->
            batch.replaces().stream()
                .anyMatch(id -> after.segments().stream().noneMatch(s -> s.id().equals(id))));
  }

  /// A flush adds segments and takes none away but those that a truncate or the drop of a partition erases. An
  /// edit adds indexes, puts segments in the place of others, or says that they have applied more deletes; it
  /// leaves the checkpoint alone, and is remembered. An index goes for another of the same field.
  private void checkContinued(Manifest before, Manifest after) {
    Map<SegmentId, SegmentEntry> now = new HashMap<>();
    after.allSegments().forEach(segment -> now.put(segment.id(), segment));
    boolean edited = false;
    boolean compacted = false;
    boolean flushed = !after.checkpoint().equals(before.checkpoint());
    for (SegmentEntry old : before.allSegments()) {
      SegmentEntry kept = now.get(old.id());
      if (kept == null) {
        compacted |= !(flushed && (isErased(old, after) || isOrphan(old, before, after)));
        continue;
      }
      require(
          kept.withIndexes(List.of())
                  .equals(old.withIndexes(List.of()).withAppliedThrough(kept.appliedThrough()))
              && kept.appliedThrough() >= old.appliedThrough(),
          "4: shard %s: manifest %d has changed segment %s",
          after.shard(),
          after.version(),
          old.id());
      requireIndexesKept(after, old, kept);
      edited |= !kept.equals(old);
    }
    edited |= compacted || (!flushed && !before.staged().equals(after.staged()));
    compactionCount += compacted ? 1 : 0;
    require(
        !(edited && flushed) && (!flushed || before.staged().containsAll(after.staged())),
        "4: shard %s: manifest %d has lost a segment of %s at a flush",
        after.shard(),
        after.version(),
        before.segments());
    requireDeletesKept(before, after);
    List<Long> known = before.recentEdits();
    List<Long> edits = after.recentEdits();
    int surplus = Math.max(0, known.size() + (edited ? 1 : 0) - Manifest.RECENT_EDITS);
    require(
        edits.size() == known.size() + (edited ? 1 : 0) - surplus
            && edits
                .subList(0, known.size() - surplus)
                .equals(known.subList(surplus, known.size())),
        "7: shard %s: manifest %d remembers edits %s after %s",
        after.shard(),
        after.version(),
        edits,
        known);
    editCount += edited ? 1 : 0;
  }

  /// A delete leaves the manifest when every segment it can match has applied it (10).
  private void requireDeletesKept(Manifest before, Manifest after) {
    Set<Long> kept = new HashSet<>();
    deletes(after).forEach(batch -> kept.add(batch.version()));
    for (Deletes batch : deletes(before)) {
      for (SegmentEntry segment : after.allSegments()) {
        require(
            kept.contains(batch.version())
                || segment.appliedThrough() >= batch.version()
                || segment.minVersion() >= batch.version(),
            "10: shard %s: manifest %d has lost the delete at %d, which segment %s has not applied",
            after.shard(),
            after.version(),
            batch.version(),
            segment.id());
      }
    }
  }

  private List<Deletes> deletes(Manifest manifest) {
    return manifest.deleteFiles().stream()
        .flatMap(file -> DeleteFile.read(objects.read(file.file().key())).stream())
        .toList();
  }

  /// What is staged has the rows of what it is to replace.
  private void checkStaged(Manifest manifest) {
    long at = manifest.checkpoint().horizon();
    for (Staged batch : manifest.staged()) {
      List<SegmentEntry> replaced =
          manifest.segments().stream()
              .filter(segment -> batch.replaces().contains(segment.id()))
              .toList();
      String found = ShardModel.describe(visible(manifest, batch.segments(), at));
      String wanted = ShardModel.describe(visible(manifest, replaced, at));
      require(
          replaced.size() == batch.replaces().size() && found.equals(wanted),
          "4: shard %s: manifest %d stages\n  %s\n in the place of %s\n  %s",
          manifest.shard(),
          manifest.version(),
          found,
          batch.replaces(),
          wanted);
    }
  }

  private static void requireIndexesKept(Manifest after, SegmentEntry old, SegmentEntry kept) {
    for (IndexEntry index : old.indexes()) {
      require(
          kept.indexes().stream().anyMatch(i -> i.fieldId() == index.fieldId()),
          "4: shard %s: manifest %d has lost index %s of segment %s",
          after.shard(),
          after.version(),
          index.index(),
          old.id());
    }
  }

  /// Each index file was built over the rows of its segment.
  private void checkIndexes(ShardId shard, SegmentEntry segment) {
    require(
        segment.indexes().stream().map(IndexEntry::fieldId).distinct().count()
            == segment.indexes().size(),
        "7: shard %s: segment %s has two indexes of one field",
        shard,
        segment.id());
    for (IndexEntry index : segment.indexes()) {
      String any = ObjectLayout.index(shard, segment.id(), index.index(), 0).value();
      String own = any.substring(0, any.lastIndexOf('-'));
      require(
          index.file().key().value().startsWith(own),
          "7: shard %s: %s is named as an index of segment %s",
          shard,
          index.file().key(),
          segment.id());
      if (opened.add(index.file().key().value())) {
        open(segment, index);
      }
    }
  }

  /// @throws io.elanus.index.IndexCorruptException when it is over other rows
  private void open(SegmentEntry segment, IndexEntry index) {
    List<Row> rows = segments.rows(segment, collection().schema());
    float[] values = new float[rows.size() * Films.DIMENSION];
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).vector().copyTo(values, i);
    }
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = objects.read(index.file().key());
      MemorySegment file = arena.allocate(bytes.length, 64);
      file.copyFrom(MemorySegment.ofArray(bytes));
      HnswIndex.map(file, FloatVectors.of(values, Films.DIMENSION));
    }
  }

  private void checkObjects(Manifest manifest) {
    for (FileRef file : manifest.files()) {
      requireThere(manifest, file.key());
      if (objects.size(file.key()).isEmpty()) {
        continue;
      }
      byte[] bytes = objects.read(file.key());
      require(
          bytes.length == file.sizeBytes()
              && Format.crc32c(bytes, 0, bytes.length) == file.crc32c(),
          "8: %s is not the object that manifest %d names",
          file.key(),
          manifest.version());
    }
  }

  /// The manifest's rows are those of the replay up to its checkpoint, and it remembers the same.
  private void checkState(Manifest manifest) {
    Checkpoint checkpoint = manifest.checkpoint();
    long offset = checkpoint.position().offset();
    history.catchUp(catalog.log(manifest.shard()));
    ShardModel model = history.model(manifest.shard());
    require(
        model.versionBelow(offset) == checkpoint.version(),
        "2: shard %s: version %d at checkpoint %d, replay says %d",
        manifest.shard(),
        checkpoint.version(),
        offset,
        model.versionBelow(offset));
    require(
        model.ddlSequenceBelow(offset) == checkpoint.ddlSequence(),
        "16: shard %s: DDL sequence %d at checkpoint %d, replay says %d",
        manifest.shard(),
        checkpoint.ddlSequence(),
        offset,
        model.ddlSequenceBelow(offset));
    Map<Long, List<Long>> windows = new TreeMap<>();
    for (WriterWindow w : checkpoint.writers()) {
      windows.put(w.writer(), List.of(w.newest(), w.met(), w.lastVersion()));
    }
    Map<Long, List<Long>> expected = model.windowsBelow(offset);
    require(
        windows.equals(expected),
        "2: shard %s: repeat windows %s at checkpoint %d, replay says %s",
        manifest.shard(),
        windows,
        offset,
        expected);
    checkPins(manifest, model);
    Set<Long> readAt = new TreeSet<>(List.of(checkpoint.horizon(), checkpoint.version()));
    checkpoint.marks().forEach(mark -> readAt.add(mark.version()));
    for (long at : readAt) {
      String found = ShardModel.describe(visible(manifest, manifest.segments(), at));
      String wanted = ShardModel.describe(model.visible(at));
      require(
          found.equals(wanted),
          "4: shard %s: manifest %d with checkpoint %d at version %d\n holds    %s\n replay is %s",
          manifest.shard(),
          manifest.version(),
          offset,
          at,
          found,
          wanted);
    }
  }

  /// What the manifest's files say at version `at`, by the rule of visibility.
  private List<Row> visible(Manifest manifest, List<SegmentEntry> segmentsOf, long at) {
    List<Row> visible = new ArrayList<>();
    if (manifest.checkpoint().dropped()) {
      return visible;
    }
    List<Deletes> deletes = deletes(manifest);
    long expired = manifest.checkpoint().expiry().through(at);
    for (SegmentEntry segment : segmentsOf) {
      for (Row row : segments.rows(segment, collection().schema())) {
        if (row.version() <= at
            && row.version() > expired
            && deletes.stream().noneMatch(d -> removes(d, row, at))) {
          visible.add(row);
        }
      }
    }
    return visible;
  }

  private static boolean removes(Deletes deletes, Row row, long at) {
    if (row.version() >= deletes.version()
        || deletes.version() > at
        || row.version() > deletes.upTo()) {
      return false;
    }
    if (!deletes.touches(row.partition())) {
      return false;
    }
    if (deletes.keys().isEmpty()) {
      return true;
    }
    for (long key : ((Int64Column) deletes.keys().get()).values()) {
      if (key == row.key()) {
        return true;
      }
    }
    return false;
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
    return editCount;
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
    return compactionCount;
  }

  /// Pointers that put manifests and attempts out of reach.
  long fenceCount() {
    return fenceCount;
  }

  long deleteFileCount() {
    return deleteFileCount;
  }

  private static void require(boolean holds, String message, Object... args) {
    if (!holds) {
      throw new Violation(message.formatted(args));
    }
  }
}
