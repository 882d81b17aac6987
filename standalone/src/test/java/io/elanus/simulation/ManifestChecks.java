package io.elanus.simulation;

import io.elanus.common.format.Format;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.manifest.WriterWindow;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.model.Collection;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.wal.LogId;
import io.elanus.index.FloatVectors;
import io.elanus.index.HnswIndex;
import io.elanus.proto.internal.FloorMeta;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.rpc.codec.CatalogCodec;
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
import java.util.Objects;
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
  private final SegmentContents segments;
  private final Map<String, Long> epochs = new HashMap<>();
  private final Map<ShardId, Committed> newest = new TreeMap<>();
  private final Map<LogId, Long> floors = new HashMap<>();

  /// Index files that were looked into.
  private final Set<String> opened = new HashSet<>();

  private Optional<Collection> collection = Optional.empty();
  private long seen;
  private long manifestCount;
  private long deleteFileCount;
  private long editCount;

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
    if (event.value().isEmpty()) {
      return;
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
    Manifest manifest = ManifestCodec.decode(objects.read(pointer.manifest()));
    Optional<Committed> parent = Optional.ofNullable(newest.get(shard));
    manifestCount++;
    deleteFileCount += manifest.deleteFiles().size();
    newest.put(shard, new Committed(pointer, manifest));
    checkPointer(pointer, manifest);
    parent.ifPresent(p -> checkParent(p, pointer, manifest));
    parent.ifPresent(p -> checkContinued(p.manifest, manifest));
    manifest.segments().forEach(segment -> checkIndexes(manifest.shard(), segment));
    require(parent.isPresent() || manifest.parent().isEmpty(), "6: %s: parent unknown", pointer);
    long epoch = epochs.getOrDefault(MetaKeys.owner(catalog.log(shard)), 0L);
    require(
        pointer.epoch() == epoch,
        "7: shard %s: manifest %d of epoch %d is committed while epoch %d owns the log",
        shard,
        pointer.version(),
        pointer.epoch(),
        epoch);
    checkObjects(manifest);
    checkState(manifest);
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

  /// A flush adds segments, an edit adds indexes; nothing takes either away, but an index of the same field, and a
  /// truncate or the drop of a partition what it erases.
  private void checkContinued(Manifest before, Manifest after) {
    Map<SegmentId, SegmentEntry> now = new HashMap<>();
    after.segments().forEach(segment -> now.put(segment.id(), segment));
    boolean indexed = false;
    for (SegmentEntry old : before.segments()) {
      SegmentEntry kept = now.get(old.id());
      if (kept == null && isErased(old, after)) {
        continue;
      }
      require(
          kept != null && kept.withIndexes(List.of()).equals(old.withIndexes(List.of())),
          "4: shard %s: manifest %d has lost or changed segment %s",
          after.shard(),
          after.version(),
          old.id());
      requireIndexesKept(after, old, Objects.requireNonNull(kept));
      indexed |= !kept.indexes().equals(old.indexes());
    }
    List<Long> known = before.recentEdits();
    List<Long> edits = after.recentEdits();
    int surplus = Math.max(0, known.size() + (indexed ? 1 : 0) - Manifest.RECENT_EDITS);
    require(
        edits.size() == known.size() + (indexed ? 1 : 0) - surplus
            && edits
                .subList(0, known.size() - surplus)
                .equals(known.subList(surplus, known.size())),
        "7: shard %s: manifest %d remembers edits %s after %s",
        after.shard(),
        after.version(),
        edits,
        known);
    editCount += indexed ? 1 : 0;
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
    List<FileRef> files = new ArrayList<>();
    for (SegmentEntry segment : manifest.segments()) {
      files.add(segment.file());
      segment.indexes().forEach(index -> files.add(index.file()));
    }
    manifest.deleteFiles().forEach(file -> files.add(file.file()));
    for (FileRef file : files) {
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
    for (long at = checkpoint.horizon();
        at <= checkpoint.version();
        at = checkpoint.version() + 1) {
      String found = ShardModel.describe(visible(manifest, at));
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
  private List<Row> visible(Manifest manifest, long at) {
    List<Row> visible = new ArrayList<>();
    List<Deletes> deletes = new ArrayList<>();
    if (manifest.checkpoint().dropped()) {
      return visible;
    }
    for (DeleteFileEntry file : manifest.deleteFiles()) {
      deletes.addAll(DeleteFile.read(objects.read(file.file().key())));
    }
    for (SegmentEntry segment : manifest.segments()) {
      for (Row row : segments.rows(segment, collection().schema())) {
        if (row.version() <= at && deletes.stream().noneMatch(d -> removes(d, row, at))) {
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

  long deleteFileCount() {
    return deleteFileCount;
  }

  private static void require(boolean holds, String message, Object... args) {
    if (!holds) {
      throw new Violation(message.formatted(args));
    }
  }
}
