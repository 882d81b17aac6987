package io.elanus.querynode;

import io.elanus.common.format.Format;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.record.LogRecord;
import io.elanus.common.wal.Position;
import io.elanus.index.BuildControl;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.index.Metric;
import io.elanus.segment.column.DenseColumn;
import io.elanus.segment.column.RowBits;
import io.elanus.segment.delete.DeleteFile;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.delete.SegmentDeletes;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.file.SegmentRows;
import io.elanus.segment.file.SegmentWriter;
import io.elanus.segment.tail.ShardSequencer;
import io.elanus.segment.tail.Tail;
import io.elanus.segment.tail.TailCut;
import io.elanus.segment.tail.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// The datanode's part for one shard: flushes its tail, rewrites its segments, commits its manifests.
final class Owner {
  private final ShardId shard;
  private final MetaStore meta;
  private final ObjectStore objects;
  private final Path scratch;
  private final Tail tail;
  private final ShardSequencer sequencer;
  private Manifest manifest;
  private final Map<Long, Long> pinned = new TreeMap<>();
  private long files;

  Owner(ShardId shard, MetaStore meta, ObjectStore objects, Path scratch, Position start) {
    this.shard = shard;
    this.meta = meta;
    this.objects = objects;
    this.scratch = scratch;
    Checkpoint checkpoint = Checkpoint.start(start);
    this.tail = new Tail(Films.schema(), checkpoint);
    this.sequencer = new ShardSequencer(checkpoint, Films.ID);
    this.manifest =
        new Manifest(shard, 0, 1, 0, Optional.empty(), checkpoint, List.of(), List.of(), List.of());
  }

  Manifest manifest() {
    return manifest;
  }

  /// @param next the position after the record
  void apply(Position next, LogRecord record) {
    if (sequencer.accept(record) instanceof Verdict.Applied applied) {
      tail.apply(next, record, applied.version());
    }
  }

  /// Pins a mark whose record comes next.
  void pin(long mark) {
    pinned.put(mark, sequencer.version());
  }

  void unpin(long mark) {
    pinned.remove(mark);
  }

  /// The version of the shard as of each mark that is pinned.
  Map<Long, Long> pinned() {
    return pinned;
  }

  /// Puts the tail into segments, and its deletes into a delete file.
  void flush(Position here) {
    Checkpoint checkpoint = sequencer.checkpoint(here, pinned.keySet());
    TailCut cut = TailCut.of(tail.view(), checkpoint.horizon());
    List<SegmentEntry> segments = new ArrayList<>(manifest.segments());
    cut.partitions()
        .forEach(rows -> segments.add(write(rows.partition(), rows.rows(), cut.appliedThrough())));
    List<DeleteFileEntry> deletes = new ArrayList<>(manifest.deleteFiles());
    if (!cut.deletes().isEmpty()) {
      deletes.add(write(cut.deletes()));
    }
    commit(checkpoint, segments, deletes);
    tail.dropBefore(manifest.checkpoint());
  }

  /// Makes one segment of those of a partition, without the rows that are gone, and forgets the delete
  /// files that no segment needs any more.
  void compact(RandomGenerator random) {
    List<SegmentEntry> segments = new ArrayList<>(manifest.segments());
    if (segments.isEmpty()) {
      return;
    }
    PartitionId partition = segments.get(random.nextInt(segments.size())).partition();
    List<SegmentEntry> merged =
        segments.stream().filter(entry -> entry.partition().equals(partition)).toList();
    segments.removeAll(merged);
    long through = manifest.checkpoint().horizon();
    merge(partition, merged, through).ifPresent(segments::add);
    segments.sort(Comparator.comparing(SegmentEntry::id));
    long needed =
        segments.stream().mapToLong(SegmentEntry::appliedThrough).min().orElse(Long.MAX_VALUE);
    List<DeleteFileEntry> deletes =
        manifest.deleteFiles().stream().filter(file -> file.maxVersion() > needed).toList();
    commit(manifest.checkpoint(), segments, deletes);
  }

  private Optional<SegmentEntry> merge(
      PartitionId partition, List<SegmentEntry> merged, long through) {
    List<SegmentReader> readers = new ArrayList<>();
    try {
      List<Long> refs = new ArrayList<>();
      for (SegmentEntry entry : merged) {
        SegmentReader reader = SegmentReader.open(file(entry.id()), entry, Films.schema());
        readers.add(reader);
        SegmentDeletes slot = new SegmentDeletes(reader);
        slot.advance(deletes(), through);
        long[] live = slot.neverDeleted();
        for (int row = RowBits.next(live, 0); row >= 0; row = RowBits.next(live, row + 1)) {
          refs.add(SegmentRows.ref(readers.size() - 1, row));
        }
      }
      long[] order = refs.stream().mapToLong(Long::longValue).toArray();
      return order.length == 0
          ? Optional.empty()
          : Optional.of(
              write(partition, SegmentRows.sorted(Films.schema(), readers, order), through));
    } finally {
      readers.forEach(SegmentReader::close);
    }
  }

  /// The indexnode's part: puts an index of lists over the vectors of each segment.
  void index(int lists) {
    List<SegmentEntry> indexed =
        manifest.segments().stream()
            .map(entry -> entry.withIndexes(List.of(built(entry, lists))))
            .toList();
    commit(manifest.checkpoint(), indexed, manifest.deleteFiles());
  }

  /// All lists of the indexes become others than their heads say.
  void spoilIndexes() {
    for (SegmentEntry entry : manifest.segments()) {
      ObjectKey key = entry.indexes().getFirst().file().key();
      byte[] bytes = objects.read(key);
      for (int at = bytes.length / 2; at < bytes.length; at++) {
        bytes[at] ^= 1;
      }
      objects.delete(key);
      objects.create(key, bytes);
    }
  }

  private IndexEntry built(SegmentEntry entry, int lists) {
    IndexId id = new IndexId(9);
    ObjectKey key = ObjectLayout.index(shard, entry.id(), id, 1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (SegmentReader reader = SegmentReader.open(file(entry.id()), entry, Films.schema())) {
      Field field = Films.schema().requireField(Films.VECTOR);
      IndexBuilder.build(
              DenseColumn.of(reader.column(Films.VECTOR), field),
              new IndexParams.Ivf(Metric.L2, lists, 1),
              BuildControl.onCallingThread())
          .writeTo(Channels.newChannel(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    objects.create(key, bytes.toByteArray());
    int sum = Format.crc32c(bytes.toByteArray(), 0, bytes.size());
    return new IndexEntry(id, Films.VECTOR, new FileRef(key, bytes.size(), sum));
  }

  private List<Deletes> deletes() {
    return manifest.deleteFiles().stream()
        .flatMap(file -> DeleteFile.read(objects.read(file.file().key()), file).stream())
        .toList();
  }

  private SegmentEntry write(PartitionId partition, SegmentRows rows, long appliedThrough) {
    SegmentId id = new SegmentId(++files);
    ObjectKey key = ObjectLayout.segment(shard, id);
    SegmentEntry entry =
        SegmentWriter.write(file(id), rows).toEntry(id, partition, key, appliedThrough);
    objects.create(key, file(id));
    return entry;
  }

  private Path file(SegmentId id) {
    return scratch.resolve("%s-%s.parquet".formatted(shard.index(), id));
  }

  private DeleteFileEntry write(List<Deletes> deletes) {
    byte[] bytes = DeleteFile.write(deletes);
    ObjectKey key = ObjectLayout.deletes(shard, ++files);
    objects.create(key, bytes);
    return DeleteFile.entry(key, bytes, deletes);
  }

  private void commit(
      Checkpoint checkpoint, List<SegmentEntry> segments, List<DeleteFileEntry> deletes) {
    manifest =
        new Manifest(
            shard,
            manifest.version() + 1,
            1,
            0,
            Optional.empty(),
            checkpoint,
            segments,
            deletes,
            List.of());
    ObjectKey key = ManifestStore.keyOf(manifest);
    objects.create(key, ManifestCodec.encode(manifest));
    ShardPointer pointer =
        new ShardPointer(
            shard,
            key,
            manifest.version(),
            1,
            checkpoint.position(),
            checkpoint.version(),
            checkpoint.horizon(),
            0);
    meta.commit(
        "pointer-%d-%d".formatted(shard.index(), manifest.version()),
        List.of(),
        List.of(new Change.Put(MetaKeys.pointer(shard), ShardPointerCodec.encode(pointer))));
  }
}
