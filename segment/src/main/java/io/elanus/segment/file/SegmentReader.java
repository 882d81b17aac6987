package io.elanus.segment.file;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.index.FloatVectors;
import io.elanus.index.HnswIndex;
import io.elanus.index.IndexCorruptException;
import io.elanus.index.Metric;
import io.elanus.index.VectorIndex;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.ColumnView.Vectors;
import io.elanus.segment.column.KeyView;
import io.elanus.segment.column.RowBlock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A segment file, mapped: its columns are read where they lie.
///
/// One shared arena holds the file. It lives as long as somebody has a reference: the owner has one
/// from [#open] to [#close], a search takes one by [#tryRetain] and gives it back by [#release].
/// Whoever comes last unmaps. Columns may be used by any thread that knows of a reference.
public final class SegmentReader implements RowBlock, AutoCloseable {
  private final SegmentEntry entry;
  private final Arena arena;
  private final Map<Long, ColumnView> columns;
  private final KeyView keys;
  private final Map<Long, VectorIndex> indexes = new ConcurrentHashMap<>();
  private final AtomicInteger references = new AtomicInteger(1);
  private final AtomicBoolean closed = new AtomicBoolean();

  private SegmentReader(
      SegmentEntry entry, CollectionSchema schema, Arena arena, MemorySegment file) {
    this.entry = entry;
    this.arena = arena;
    this.columns = MappedColumns.of(file, entry, schema);
    this.keys = (KeyView) column(schema.primaryKey().id());
  }

  /// Opens a file and compares all its bytes with the checksum of `entry` before any is used.
  ///
  /// @throws DbException `CORRUPT` when the file is not the one `entry` describes,
  ///     `STORAGE_IO_FAILED`
  public static SegmentReader open(Path file, SegmentEntry entry, CollectionSchema schema) {
    return open(file, entry, schema, bytes -> MappedFiles.verify(bytes, entry.file()));
  }

  /// Opens a file whose checksum was compared before: only its size and structure are looked at.
  public static SegmentReader openVerified(Path file, SegmentEntry entry, CollectionSchema schema) {
    return open(file, entry, schema, _ -> {});
  }

  private static SegmentReader open(
      Path file, SegmentEntry entry, CollectionSchema schema, Consumer<MemorySegment> check) {
    Arena arena = Arena.ofShared();
    try {
      MemorySegment bytes = MappedFiles.map(file, entry.file(), arena);
      check.accept(bytes);
      return new SegmentReader(entry, schema, arena, bytes);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  public SegmentEntry entry() {
    return entry;
  }

  @Override
  public int rowCount() {
    return entry.rowCount();
  }

  @Override
  public ColumnView column(long fieldId) {
    ColumnView column = columns.get(fieldId);
    if (column == null) {
      throw ErrorCode.FIELD_NOT_FOUND.with("fieldID", fieldId, "segment", entry.id());
    }
    return column;
  }

  @Override
  public KeyView keys() {
    return keys;
  }

  @Override
  public boolean sortedByKey() {
    return true;
  }

  /// Maps an index file of this segment and uses it from now on. The log's or a loader's thread;
  /// the caller has a reference.
  ///
  /// @throws DbException `CORRUPT` when the file is not the one `index` describes,
  ///     `STORAGE_IO_FAILED`
  public void attachIndex(IndexEntry index, Path file) {
    MemorySegment bytes = MappedFiles.map(file, index.file(), arena);
    MappedFiles.verify(bytes, index.file());
    Vectors vectors = (Vectors) column(index.fieldId());
    try {
      indexes.put(
          index.fieldId(),
          HnswIndex.map(
              bytes, new FloatVectors(vectors.values(), vectors.rowCount(), vectors.dimension())));
    } catch (IndexCorruptException e) {
      throw new DbException(
          ErrorCode.CORRUPT, "%s: %s".formatted(index.file().key(), e.getMessage()), e);
    }
  }

  /// The index over a field, if one for this metric is attached.
  public Optional<VectorIndex> index(long fieldId, Metric metric) {
    return Optional.ofNullable(indexes.get(fieldId)).filter(index -> index.metric() == metric);
  }

  /// Bytes mapped and held, without indexes.
  public long sizeBytes() {
    return entry.file().sizeBytes();
  }

  /// Takes a reference, unless the last one is gone already.
  public boolean tryRetain() {
    int held = references.get();
    while (held > 0) {
      if (references.compareAndSet(held, held + 1)) {
        return true;
      }
      held = references.get();
    }
    return false;
  }

  /// Gives back a reference taken by [#tryRetain].
  public void release() {
    int left = references.decrementAndGet();
    if (left == 0) {
      arena.close();
    }
    if (left < 0) {
      throw new IllegalStateException("segment %s released too often".formatted(entry.id()));
    }
  }

  /// Gives back the owner's reference, once.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release();
    }
  }
}
