package io.elanus.common.manifest;

import io.elanus.common.format.ByteReader;
import io.elanus.common.format.ByteWriter;
import io.elanus.common.format.Format;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.wal.Position;
import java.util.Arrays;
import java.util.List;

/// The bytes of a manifest (docs/formats/manifest.md). A list is its count (varint) and its
/// elements, a text its count of bytes (varint) and UTF-8, an optional value a byte 0 or 1 and
/// after 1 the value.
///
/// ```
/// magic "ELMF", version 3
/// collection id (8), shard index (4), version (8), epoch (8), attempt (8)
/// parent         optional text
/// checkpoint     log incarnation (8), offset (8), effective version (8), DDL sequence (8),
///                horizon (8), flags (1; bit 0: dropped, bit 1: write slots), list of writer windows,
///                since version 3 list of dropped partitions (8), list of expiry steps, list of marks,
///                with bit 1 set 4,096 write slots (8 each)
/// expiry step    version (8), through (8)
/// mark           mark (8), version (8)
/// writer window  writer (8), newest (8), met (8), last version (8)
/// segments       list of: id (8), partition (8), row count (4), min version (8), max version (8),
///                applied through (8), file, list of columns, list of indexes
/// column         field id (8), offset (8), size (8)
/// index          index id (8), field id (8), file
/// delete files   list of: file, delete count (4), min version (8), max version (8)
/// recent edits   list of: edit id (8)
/// spill          optional: through: log incarnation (8), offset (8), reason (text),
///                list of: first offset (8), end offset (8), record count (4), file
/// staged         since version 3, list of: list of segment ids (8), list of segments
/// file           object key (text), size (8), CRC32C of the object (4)
/// CRC32C (4)
/// ```
public final class ManifestCodec {
  private static final Format FORMAT = new Format("manifest", "ELMF", 3);
  private static final int DROPPED = 1;
  private static final int WRITE_SLOTS = 2;

  /// The least one element takes, to judge a count by.
  private static final int WRITER_BYTES = 32;

  private static final int STEP_BYTES = 16;
  private static final int MARK_BYTES = 16;
  private static final int FILE_BYTES = 13;
  private static final int COLUMN_BYTES = 24;
  private static final int INDEX_BYTES = 16 + FILE_BYTES;
  private static final int SEGMENT_BYTES = 46 + FILE_BYTES;
  private static final int DELETE_BYTES = 20 + FILE_BYTES;
  private static final int SPILL_BYTES = 20 + FILE_BYTES;

  /// A staged batch: two counts.
  private static final int STAGED_BYTES = 2;

  /// Segments on their way to the owner are described as in a manifest of the same version.
  private static final Format SEGMENTS = new Format("segment entries", "ELSE", 3);

  private ManifestCodec() {}

  public static byte[] encode(Manifest manifest) {
    return FORMAT.encode(1024 * (1 + manifest.segments().size()), out -> write(out, manifest));
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`
  public static Manifest decode(byte[] bytes) {
    return FORMAT.decode(bytes, ManifestCodec::read);
  }

  /// Of segments alone, as an edit brings them.
  public static byte[] encodeSegments(List<SegmentEntry> segments) {
    return SEGMENTS.encode(
        1024 * (1 + segments.size()),
        out -> out.list(segments, segment -> writeSegment(out, segment)));
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`
  public static List<SegmentEntry> decodeSegments(byte[] bytes) {
    return SEGMENTS.decode(bytes, in -> in.list(SEGMENT_BYTES, () -> readSegment(in)));
  }

  private static void write(ByteWriter out, Manifest manifest) {
    writeShard(out, manifest.shard());
    out.i64(manifest.version());
    out.i64(manifest.epoch());
    out.i64(manifest.attempt());
    out.optional(manifest.parent(), key -> out.text(key.value()));
    writeCheckpoint(out, manifest.checkpoint());
    out.list(manifest.segments(), segment -> writeSegment(out, segment));
    out.list(manifest.deleteFiles(), file -> writeDeletes(out, file));
    out.list(manifest.recentEdits(), out::i64);
    out.optional(manifest.spill(), spill -> writeSpill(out, spill));
    out.list(manifest.staged(), batch -> writeStaged(out, batch));
  }

  private static Manifest read(ByteReader in, int version) {
    return new Manifest(
        readShard(in),
        in.i64(),
        in.i64(),
        in.i64(),
        in.optional(() -> new ObjectKey(in.text())),
        readCheckpoint(in, version),
        in.list(SEGMENT_BYTES, () -> readSegment(in)),
        in.list(DELETE_BYTES, () -> readDeletes(in)),
        in.list(8, in::i64),
        in.optional(() -> readSpill(in)),
        version < 3 ? List.of() : in.list(STAGED_BYTES, () -> readStaged(in)));
  }

  static void writeShard(ByteWriter out, ShardId shard) {
    out.i64(shard.collection().value());
    out.i32(shard.index());
  }

  static ShardId readShard(ByteReader in) {
    return new ShardId(new CollectionId(in.i64()), in.i32());
  }

  private static void writeCheckpoint(ByteWriter out, Checkpoint checkpoint) {
    out.i64(checkpoint.position().incarnation());
    out.i64(checkpoint.position().offset());
    out.i64(checkpoint.version());
    out.i64(checkpoint.ddlSequence());
    out.i64(checkpoint.horizon());
    out.u8(
        (checkpoint.dropped() ? DROPPED : 0)
            | (checkpoint.writeSlots().isEmpty() ? 0 : WRITE_SLOTS));
    out.list(checkpoint.writers(), window -> writeWindow(out, window));
    out.list(checkpoint.droppedPartitions(), partition -> out.i64(partition.value()));
    out.list(
        checkpoint.expiry().steps(),
        step -> {
          out.i64(step.version());
          out.i64(step.through());
        });
    out.list(
        checkpoint.marks(),
        point -> {
          out.i64(point.mark());
          out.i64(point.version());
        });
    checkpoint.writeSlots().forEach(out::i64);
  }

  private static Checkpoint readCheckpoint(ByteReader in, int version) {
    Position position = new Position(in.i64(), in.i64());
    long shardVersion = in.i64();
    long ddlSequence = in.i64();
    long horizon = in.i64();
    int flags = in.flags(DROPPED | WRITE_SLOTS);
    boolean isDropped = (flags & DROPPED) != 0;
    List<WriterWindow> writers = in.list(WRITER_BYTES, () -> readWindow(in));
    List<PartitionId> droppedPartitions =
        version < 3 ? List.of() : in.list(8, () -> new PartitionId(in.i64()));
    Expiry expiry = version < 3 ? Expiry.NONE : readExpiry(in);
    List<MarkPoint> marks =
        version < 3 ? List.of() : in.list(MARK_BYTES, () -> new MarkPoint(in.i64(), in.i64()));
    List<Long> writeSlots =
        (flags & WRITE_SLOTS) != 0
            ? Arrays.stream(in.longs(Checkpoint.WRITE_SLOTS)).boxed().toList()
            : List.of();
    return new Checkpoint(
        position,
        shardVersion,
        ddlSequence,
        horizon,
        isDropped,
        writers,
        droppedPartitions,
        expiry,
        writeSlots,
        marks);
  }

  private static Expiry readExpiry(ByteReader in) {
    return new Expiry(in.list(STEP_BYTES, () -> readStep(in)));
  }

  private static Expiry.Step readStep(ByteReader in) {
    long version = in.i64();
    long through = in.i64();
    if (through >= version) {
      throw in.corrupt("an expiry at %d of rows up to %d".formatted(version, through));
    }
    return new Expiry.Step(version, through);
  }

  private static void writeWindow(ByteWriter out, WriterWindow window) {
    out.i64(window.writer());
    out.i64(window.newest());
    out.i64(window.met());
    out.i64(window.lastVersion());
  }

  private static WriterWindow readWindow(ByteReader in) {
    return new WriterWindow(in.i64(), in.i64(), in.i64(), in.i64());
  }

  private static void writeSegment(ByteWriter out, SegmentEntry segment) {
    out.i64(segment.id().value());
    out.i64(segment.partition().value());
    out.i32(segment.rowCount());
    out.i64(segment.minVersion());
    out.i64(segment.maxVersion());
    out.i64(segment.appliedThrough());
    writeFile(out, segment.file());
    out.list(segment.columns(), column -> writeColumn(out, column));
    out.list(segment.indexes(), index -> writeIndex(out, index));
  }

  private static SegmentEntry readSegment(ByteReader in) {
    return new SegmentEntry(
        new SegmentId(in.i64()),
        new PartitionId(in.i64()),
        in.i32(),
        in.i64(),
        in.i64(),
        in.i64(),
        readFile(in),
        in.list(COLUMN_BYTES, () -> new ColumnLocation(in.i64(), in.i64(), in.i64())),
        in.list(INDEX_BYTES, () -> readIndex(in)));
  }

  private static void writeColumn(ByteWriter out, ColumnLocation column) {
    out.i64(column.fieldId());
    out.i64(column.offset());
    out.i64(column.sizeBytes());
  }

  private static void writeIndex(ByteWriter out, IndexEntry index) {
    out.i64(index.index().value());
    out.i64(index.fieldId());
    writeFile(out, index.file());
  }

  private static IndexEntry readIndex(ByteReader in) {
    return new IndexEntry(new IndexId(in.i64()), in.i64(), readFile(in));
  }

  private static void writeDeletes(ByteWriter out, DeleteFileEntry deletes) {
    writeFile(out, deletes.file());
    out.i32(deletes.deleteCount());
    out.i64(deletes.minVersion());
    out.i64(deletes.maxVersion());
  }

  private static DeleteFileEntry readDeletes(ByteReader in) {
    return new DeleteFileEntry(readFile(in), in.i32(), in.i64(), in.i64());
  }

  private static void writeSpill(ByteWriter out, Spill spill) {
    out.i64(spill.through().incarnation());
    out.i64(spill.through().offset());
    out.text(spill.reason());
    out.list(
        spill.files(),
        entry -> {
          out.i64(entry.firstOffset());
          out.i64(entry.endOffset());
          out.i32(entry.recordCount());
          writeFile(out, entry.file());
        });
  }

  private static Spill readSpill(ByteReader in) {
    return new Spill(
        new Position(in.i64(), in.i64()),
        in.text(),
        in.list(SPILL_BYTES, () -> readSpillEntry(in)));
  }

  private static SpillEntry readSpillEntry(ByteReader in) {
    long first = in.i64();
    long end = in.i64();
    int count = in.i32();
    return new SpillEntry(readFile(in), count, first, end);
  }

  private static void writeStaged(ByteWriter out, Staged batch) {
    out.list(batch.replaces(), id -> out.i64(id.value()));
    out.list(batch.segments(), segment -> writeSegment(out, segment));
  }

  private static Staged readStaged(ByteReader in) {
    return new Staged(
        in.list(8, () -> new SegmentId(in.i64())), in.list(SEGMENT_BYTES, () -> readSegment(in)));
  }

  private static void writeFile(ByteWriter out, FileRef file) {
    out.text(file.key().value());
    out.i64(file.sizeBytes());
    out.i32(file.crc32c());
  }

  private static FileRef readFile(ByteReader in) {
    return new FileRef(new ObjectKey(in.text()), in.i64(), in.i32());
  }
}
