package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.manifest.Spill;
import io.elanus.common.manifest.SpillEntry;
import io.elanus.common.manifest.SpillFile;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.FloorCodec;
import io.elanus.segment.delete.DeleteFile;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.file.SegmentReader;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Where a node finds what is committed of a shard.
final class ShardFiles {
  private final MetaStore meta;
  private final Wal wal;
  private final ObjectStore objects;
  private final ManifestStore manifests;
  private final SegmentCache cache;

  ShardFiles(MetaStore meta, Wal wal, ObjectStore objects, SegmentCache cache) {
    this.meta = meta;
    this.wal = wal;
    this.objects = objects;
    this.manifests = new ManifestStore(meta, objects);
    this.cache = cache;
  }

  /// @throws DbException `COLLECTION_NOT_FOUND` when the catalog has it no more
  Collection collection(CollectionId id) {
    return meta.get(MetaKeys.collection(id))
        .map(CatalogCodec::collection)
        .orElseThrow(() -> ErrorCode.COLLECTION_NOT_FOUND.with("collection", id));
  }

  /// The collection as it was when `manifest` was committed, or later: `known` if it is that, so that no field is
  /// missing that rows of the manifest have.
  Collection collection(Collection known, Optional<Manifest> manifest) {
    long covered = manifest.map(m -> m.checkpoint().ddlSequence()).orElse(0L);
    return covered <= known.ddlSequence() ? known : collection(known.id());
  }

  /// The newest committed manifest; empty before the shard's first.
  ///
  /// @param known is not read again when it is the newest still
  Optional<Manifest> newest(ShardId shard, Optional<Manifest> known) {
    return meta.get(MetaKeys.pointer(shard))
        .map(entry -> ShardPointerCodec.decode(entry.value()))
        .map(pointer ->
            known
                .filter(manifest -> isOf(manifest, pointer))
                .orElseGet(() -> manifests.read(pointer.manifest())));
  }

  private static boolean isOf(Manifest manifest, ShardPointer pointer) {
    return ManifestStore.keyOf(manifest).equals(pointer.manifest());
  }

  /// No shard of the log has records below it that are not in its manifest.
  Position floor(LogId log) {
    return meta.get(MetaKeys.floor(log)).map(FloorCodec::decode).orElseGet(() -> wal.start(log));
  }

  /// All of a segment.
  SegmentReader open(SegmentEntry entry, CollectionSchema schema) {
    return cache.open(entry, schema);
  }

  /// A segment at once, maybe only in part.
  SegmentReader openSoon(SegmentEntry entry, CollectionSchema schema) {
    return cache.openSoon(entry, schema);
  }

  /// The logical deletes of the manifest, by ascending version: all of the files that reach above `after`.
  List<Deletes> deletes(Manifest manifest, long after) {
    return manifest.deleteFiles().stream()
        .filter(file -> file.maxVersion() > after)
        .flatMap(file -> read(file).stream())
        .sorted(Comparator.comparingLong(Deletes::version))
        .toList();
  }

  /// The records of a halted shard that its owner could not apply, in the order of the log.
  List<WalRecord> spilled(Manifest manifest) {
    return manifest.spill().map(Spill::files).orElse(List.of()).stream()
        .flatMap(file -> read(manifest.shard(), file).stream())
        .toList();
  }

  private List<WalRecord> read(ShardId shard, SpillEntry file) {
    return SpillFile.read(objects.read(file.file().key()), shard, file);
  }

  private List<Deletes> read(DeleteFileEntry file) {
    return DeleteFile.read(objects.read(file.file().key()), file);
  }
}
