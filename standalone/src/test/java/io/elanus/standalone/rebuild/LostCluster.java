package io.elanus.standalone.rebuild;

import io.elanus.common.catalog.CatalogEntry;
import io.elanus.common.catalog.CatalogExport;
import io.elanus.common.catalog.CatalogExports;
import io.elanus.common.format.Format;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.Spill;
import io.elanus.common.manifest.SpillFile;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Database;
import io.elanus.common.model.Field;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.security.PasswordHash;
import io.elanus.common.security.Role;
import io.elanus.common.security.User;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.SecurityCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A cluster of which the log and the bucket are left, made by hand. Two logs; shard i of a collection writes to
/// log i.
final class LostCluster {
  static final CollectionId FILMS = new CollectionId(2_001);
  static final long EXPORTED_AT = 5_000;
  static final long EXPORTED_IDS = 100_000;

  final Run run = new SystemRun();
  final MemoryMetaStore meta = new MemoryMetaStore(run);
  final MemoryWal wal = new MemoryWal(run, 2);
  final MemoryObjectStore objects = new MemoryObjectStore(run);
  final List<String> said = new ArrayList<>();
  private long newestId = 1_000;

  static final User ANN =
      new User("ann", Optional.of(PasswordHash.decoy(1)), "", List.of(Role.ADMIN.id()));

  RebuildPorts ports() {
    return new RebuildPorts(run, meta, wal, objects);
  }

  boolean rebuild(Rebuild.Options options) {
    said.clear();
    return Rebuild.run(ports(), options, said::add);
  }

  Findings survey() {
    ObjectCheck check = new ObjectCheck(run, objects, ObjectCheck.Depth.CHECKSUMS);
    return new Survey(ports(), check, _ -> {}).take();
  }

  RebuildPlan plan() {
    return RebuildPlan.of(survey(), 0);
  }

  void export(Collection... collections) {
    List<CatalogEntry> entries = new ArrayList<>();
    for (Collection c : collections) {
      entries.add(
          new CatalogEntry(MetaKeys.collection(c.id()), CatalogCodec.encode(c).toByteArray()));
    }
    entries.add(new CatalogEntry("catalog/something/new", new byte[] {1, 2, 3}));
    entries.add(
        new CatalogEntry(MetaKeys.user(ANN.name()), SecurityCodec.encode(ANN).toByteArray()));
    new CatalogExports(objects).add(new CatalogExport(0xabc, EXPORTED_AT, EXPORTED_IDS, entries));
  }

  static Collection films(CollectionState state, long ddlSequence) {
    Field id = new Field(100, "id", "", DataType.INT64, true, false, false, false, Map.of());
    return new Collection(
        FILMS,
        Database.DEFAULT_ID,
        Database.DEFAULT_NAME,
        new CollectionSchema("films", "", List.of(id), 1),
        List.of(new LogId(0), new LogId(1)),
        List.of(new Partition(new PartitionId(2_002), Partition.DEFAULT_NAME, 1)),
        ConsistencyLevel.BOUNDED,
        Map.of(),
        7,
        ddlSequence,
        1,
        1,
        state);
  }

  static ShardId shard(int index) {
    return new ShardId(FILMS, index);
  }

  /// @return the position after the record
  Position append(int log, LogRecord record) {
    return wal.append(new LogId(log), RecordCodec.encode(record)).next();
  }

  /// Records without rows.
  Position append(int log, int count) {
    Position end = wal.end(new LogId(log));
    for (int i = 0; i < count; i++) {
      end = append(log, new LogRecord.Barrier(header(shard(log), 0, 1_000 + i)));
    }
    return end;
  }

  static RecordHeader header(ShardId shard, long ddlSequence, long timestamp) {
    return new RecordHeader(shard, 9, 1, 0, timestamp, 1, ddlSequence);
  }

  Position at(int log, long offset) {
    return new Position(wal.end(new LogId(log)).incarnation(), offset);
  }

  /// A manifest of three rows in one segment, with its objects.
  Manifest manifest(ShardId shard, long epoch, long version, Position checkpoint) {
    return manifest(
        shard, epoch, version, new Checkpoint(checkpoint, 4_000, 0, 0, false, List.of()));
  }

  Manifest manifest(ShardId shard, long epoch, long version, Checkpoint checkpoint) {
    SegmentId id = new SegmentId(++newestId);
    byte[] bytes = new byte[] {1, 2, 3, (byte) newestId};
    ObjectKey key = ObjectLayout.segment(shard, id);
    objects.create(key, bytes);
    FileRef file = new FileRef(key, bytes.length, Format.crc32c(bytes, 0, bytes.length));
    SegmentEntry segment =
        new SegmentEntry(id, new PartitionId(2_002), 3, 1, 2, 0, file, List.of(), List.of());
    Manifest manifest =
        new Manifest(
            shard,
            version,
            epoch,
            ++newestId,
            Optional.empty(),
            checkpoint,
            List.of(segment),
            List.of(),
            List.of());
    objects.create(ManifestStore.keyOf(manifest), ManifestCodec.encode(manifest));
    return manifest;
  }

  /// A manifest that keeps the rest of the log, one record and of that timestamp, in a spill file.
  Manifest halted(ShardId shard, Position checkpoint, long timestamp) {
    Position end = wal.end(new LogId(shard.index()));
    byte[] record = RecordCodec.encode(new LogRecord.Barrier(header(shard, 0, timestamp)));
    List<WalRecord> records = List.of(new WalRecord(checkpoint, end, record));
    ObjectKey key = ObjectLayout.spill(shard, ++newestId);
    byte[] bytes = SpillFile.write(shard, records);
    objects.create(key, bytes);
    Manifest manifest =
        new Manifest(
            shard,
            1,
            1,
            ++newestId,
            Optional.empty(),
            new Checkpoint(checkpoint, 4_000, 0, 0, false, List.of()),
            List.of(),
            List.of(),
            List.of(),
            Optional.of(new Spill(end, "planted", List.of(SpillFile.entry(key, bytes, records)))));
    objects.create(ManifestStore.keyOf(manifest), ManifestCodec.encode(manifest));
    return manifest;
  }

  static ObjectKey segmentOf(Manifest manifest) {
    return manifest.segments().getFirst().file().key();
  }

  void damage(ObjectKey key) {
    byte[] bytes = objects.read(key);
    bytes[bytes.length / 2] ^= 1;
    objects.delete(key);
    objects.create(key, bytes);
  }
}
