package io.elanus.datanode;

import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Field;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.object.ScratchFolder;
import io.elanus.datanode.ManifestEdits.Lists;
import io.elanus.segment.delete.DeleteFile;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.file.SegmentRows;
import io.elanus.segment.file.SegmentWriter;
import io.elanus.segment.file.WrittenSegment;
import io.elanus.segment.tail.TailCut;
import io.elanus.segment.tail.TailCut.PartitionRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Writes the files of a cut and brings them to the bucket. Their keys are fresh ids, so nothing that
/// was there is touched; files of a flush that is not committed stay in the bucket unnamed.
final class SegmentFiles {
  /// A Parquet page is limited to 2 GiB; some room for its levels.
  private static final long MAX_COLUMN_BYTES = 1_900_000_000L;

  /// As many delete files as a manifest keeps before they are put into one.
  private static final int MAX_DELETE_FILES = 8;

  private final ObjectStore objects;
  private final Ids ids;
  private final ScratchFolder scratch;
  private final int segmentRows;

  SegmentFiles(ObjectStore objects, Ids ids, ScratchFolder scratch, int segmentRows) {
    this.objects = objects;
    this.ids = ids;
    this.scratch = scratch;
    this.segmentRows = segmentRows;
  }

  /// One segment or more for each partition that has rows.
  List<SegmentEntry> writeSegments(ShardId shard, TailCut cut) {
    List<SegmentEntry> written = new ArrayList<>();
    for (PartitionRows partition : cut.partitions()) {
      SegmentRows rows = partition.rows();
      int most = mostRows(rows.schema(), segmentRows);
      for (int from = 0; from < rows.rowCount(); from += most) {
        int to = Math.min(rows.rowCount(), from + most);
        SegmentRows part =
            new SegmentRows(
                rows.schema(), rows.blocks(), Arrays.copyOfRange(rows.order(), from, to));
        written.add(writeSegment(shard, partition.partition(), part, cut.appliedThrough()));
      }
    }
    return written;
  }

  /// The delete files of the next manifest: those it had, and one of `deletes`, as far as one of its segments
  /// may need them. Many small ones become one.
  ///
  /// @param lists of the next manifest
  List<DeleteFileEntry> writeDeletes(
      ShardId shard, Lists lists, List<DeleteFileEntry> former, List<Deletes> deletes) {
    List<DeleteFileEntry> kept = ManifestEdits.needed(lists, former);
    List<Deletes> fresh = needed(lists, deletes.stream());
    if (fresh.isEmpty()) {
      return kept;
    }
    if (kept.size() < MAX_DELETE_FILES) {
      return Stream.concat(kept.stream(), Stream.of(writeDeletes(shard, fresh))).toList();
    }
    Stream<Deletes> earlier = kept.stream().flatMap(file -> readDeletes(file).stream());
    return List.of(writeDeletes(shard, needed(lists, Stream.concat(earlier, fresh.stream()))));
  }

  List<Deletes> readDeletes(DeleteFileEntry file) {
    return DeleteFile.read(objects.read(file.file().key()), file);
  }

  private static List<Deletes> needed(Lists lists, Stream<Deletes> deletes) {
    return deletes.filter(batch -> ManifestEdits.isNeeded(lists, batch.version())).toList();
  }

  /// Rows of one file: as many as a segment may have, if no column becomes too large for one.
  static int mostRows(CollectionSchema schema, int segmentRows) {
    return schema.vectorFields().stream()
        .mapToInt(SegmentFiles::rowsPerColumn)
        .reduce(segmentRows, Math::min);
  }

  /// Sparse vectors and lists have no size that could be known here; a cut is far smaller than a column may be.
  private static int rowsPerColumn(Field field) {
    return switch (field.type().form()) {
      case FLOAT_VECTOR -> (int) (MAX_COLUMN_BYTES / (field.dimension() * 4L));
      case BYTE_VECTOR -> (int) (MAX_COLUMN_BYTES / field.vectorBytes());
      case BOOL, INT32, INT64, FLOAT, DOUBLE, TEXT, LIST, BYTES -> Integer.MAX_VALUE;
    };
  }

  private SegmentEntry writeSegment(
      ShardId shard, PartitionId partition, SegmentRows rows, long appliedThrough) {
    SegmentId id = new SegmentId(ids.take(1));
    ObjectKey key = ObjectLayout.segment(shard, id);
    Path file = scratch.file("segment-%016x".formatted(id.value()));
    try {
      WrittenSegment written = SegmentWriter.write(file, rows);
      objects.create(key, file);
      return written.toEntry(id, partition, key, appliedThrough);
    } finally {
      scratch.remove(file);
    }
  }

  private DeleteFileEntry writeDeletes(ShardId shard, List<Deletes> deletes) {
    ObjectKey key = ObjectLayout.deletes(shard, ids.take(1));
    byte[] bytes = DeleteFile.write(deletes);
    objects.create(key, bytes);
    return DeleteFile.entry(key, bytes, deletes);
  }
}
