package io.elanus.segment.file;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ColumnLocation;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.index.BitVectors;
import io.elanus.index.DenseVectors;
import io.elanus.index.Index;
import io.elanus.index.IndexCorruptException;
import io.elanus.index.MinHashIndex;
import io.elanus.index.PageAdvice;
import io.elanus.index.SparseIndex;
import io.elanus.index.VectorIndex;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.ColumnView.ByteStrings;
import io.elanus.segment.column.ColumnView.ByteVectors;
import io.elanus.segment.column.ColumnView.Nullables;
import io.elanus.segment.column.DenseColumn;
import io.elanus.segment.column.KeyView;
import io.elanus.segment.column.RowBlock;
import io.elanus.segment.column.SparseRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/// A segment file, mapped: its columns are read where they lie. Or one whose file is not here yet: then
/// columns are brought one by one before they are read ([#openPart], [#bring]), and each is proven whole by
/// its own checksum. So are lists of its indexes ([#remoteIndexes]).
///
/// Shared arenas hold the file, or the columns. They live as long as somebody has a reference: the owner has one
/// from [#open] to [#close], a search takes one by [#tryRetain] and gives it back by [#release].
/// [#share] makes a reader for another owner of the same mapping. Whoever comes last unmaps. Columns
/// may be used by any thread that knows of a reference.
public final class SegmentReader implements RowBlock, AutoCloseable {
  private final SegmentEntry entry;
  private final Mapping mapping;
  private final KeyView keys;
  private final AtomicBoolean closed = new AtomicBoolean();

  /// What all owners of one mapping share.
  ///
  /// @param columns grows, by [#adopt] and [#bring]
  /// @param whole the file; empty when it is not here
  /// @param remote what is brought of the files; empty when they are here
  /// @param unmapped called once the last reference is gone
  private record Mapping(
      Arena arena,
      Map<Long, ColumnView> columns,
      Map<Long, Index> indexes,
      Optional<MappedColumns> whole,
      Optional<Remote> remote,
      AtomicInteger references,
      Runnable unmapped) {}

  private record Remote(RemoteColumns columns, RemoteIndexes indexes) {}

  private SegmentReader(SegmentEntry entry, CollectionSchema schema, Mapping mapping) {
    this.entry = entry;
    this.mapping = mapping;
    this.keys = (KeyView) column(schema.primaryKey().id());
  }

  private SegmentReader(SegmentReader sharing) {
    this.entry = sharing.entry;
    this.mapping = sharing.mapping;
    this.keys = sharing.keys;
  }

  /// Opens a file and compares all its bytes with the checksum of `entry` before any is used.
  ///
  /// @throws DbException `CORRUPT` when the file is not the one `entry` describes,
  ///     `STORAGE_IO_FAILED`
  public static SegmentReader open(Path file, SegmentEntry entry, CollectionSchema schema) {
    return open(file, entry, schema, () -> {});
  }

  /// As [#open(Path, SegmentEntry, CollectionSchema)].
  ///
  /// @param unmapped called once nobody has a reference any more, on the thread of whoever had the last
  public static SegmentReader open(
      Path file, SegmentEntry entry, CollectionSchema schema, Runnable unmapped) {
    return open(file, entry, schema, bytes -> MappedFiles.verify(bytes, entry.file()), unmapped);
  }

  /// Opens a file whose checksum was compared before: only its size and structure are looked at.
  ///
  /// @param unmapped as in [#open(Path, SegmentEntry, CollectionSchema, Runnable)]
  public static SegmentReader openVerified(
      Path file, SegmentEntry entry, CollectionSchema schema, Runnable unmapped) {
    return open(file, entry, schema, _ -> {}, unmapped);
  }

  private static SegmentReader open(
      Path file,
      SegmentEntry entry,
      CollectionSchema schema,
      Consumer<MemorySegment> check,
      Runnable unmapped) {
    Arena arena = Arena.ofShared();
    try {
      MemorySegment bytes = MappedFiles.map(file, entry.file(), arena);
      check.accept(bytes);
      MappedColumns whole = MappedColumns.of(bytes, entry);
      Map<Long, ColumnView> columns = new ConcurrentHashMap<>();
      whole.addTo(columns, schema);
      Mapping mapping =
          new Mapping(
              arena,
              columns,
              new ConcurrentHashMap<>(),
              Optional.of(whole),
              Optional.empty(),
              new AtomicInteger(1),
              unmapped);
      return new SegmentReader(entry, schema, mapping);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /// Opens a segment with what every read of it needs (keys, versions, places in records) and no other
  /// column.
  ///
  /// @param unmapped told the bytes brought of each file, once nobody has a reference any more
  /// @throws DbException `CORRUPT` when a column is not whole, or the file is older than checksums of
  ///     columns; whatever `source` throws
  public static SegmentReader openPart(
      SegmentEntry entry,
      CollectionSchema schema,
      ColumnSource source,
      ObjLongConsumer<FileRef> unmapped) {
    RemoteColumns remote = new RemoteColumns(entry, schema);
    RemoteIndexes indexes = new RemoteIndexes(entry);
    boolean opened = false;
    try {
      Map<Long, ColumnView> columns = new ConcurrentHashMap<>(remote.absent());
      for (long id : baseColumns(schema)) {
        columns.put(id, remote.bring(id, source));
      }
      Mapping mapping =
          new Mapping(
              Arena.ofShared(),
              columns,
              new ConcurrentHashMap<>(),
              Optional.empty(),
              Optional.of(new Remote(remote, indexes)),
              new AtomicInteger(1),
              () -> {
                unmapped.accept(entry.file(), remote.close());
                indexes.close(unmapped);
              });
      SegmentReader reader = new SegmentReader(entry, schema, mapping);
      opened = true;
      return reader;
    } finally {
      if (!opened) {
        remote.close();
      }
    }
  }

  /// Bytes of the columns that [#openPart] brings.
  public static long baseBytes(SegmentEntry entry, CollectionSchema schema) {
    List<Long> base = baseColumns(schema);
    return entry.columns().stream()
        .filter(column -> base.contains(column.fieldId()))
        .mapToLong(column -> column.sizeBytes() + SegmentWriter.CHECKSUM_BYTES)
        .sum();
  }

  private static List<Long> baseColumns(CollectionSchema schema) {
    return List.of(ColumnLocation.VERSION, ColumnLocation.INDEX, schema.primaryKey().id());
  }

  /// Brings bytes of a file from where it is.
  @FunctionalInterface
  public interface ColumnSource {
    /// Fills `target` with the bytes of the file from `offset` on.
    void fill(long offset, MemorySegment target);
  }

  /// Knows the fields of `schema`, too: some may have been added since this was opened. The caller has a reference.
  ///
  /// @throws DbException `CORRUPT` when a column of one of them is not whole
  public void adopt(CollectionSchema schema) {
    mapping.whole.ifPresent(whole -> whole.addTo(mapping.columns, schema));
    mapping
        .remote
        .map(Remote::columns)
        .ifPresent(columns -> {
          columns.adopt(schema);
          columns.absent().forEach(mapping.columns::putIfAbsent);
        });
  }

  /// Whether all of the file is here.
  public boolean isWhole() {
    return mapping.remote.isEmpty();
  }

  /// Whether a column can be read, or the segment has none for the field.
  public boolean has(long fieldId) {
    return mapping.columns.containsKey(fieldId)
        || mapping.remote.filter(remote -> remote.columns.isThere(fieldId)).isEmpty();
  }

  /// Bytes that a column takes when it is brought.
  public long sizeBytes(long fieldId) {
    return mapping.remote.map(remote -> remote.columns.sizeBytes(fieldId)).orElse(0L);
  }

  /// Brings a column of a segment whose file is not here. The caller has a reference, and lets nobody bring
  /// the same column meanwhile.
  ///
  /// @throws DbException `CORRUPT` when it is not whole, and whatever `source` throws
  public void bring(long fieldId, ColumnSource source) {
    if (!has(fieldId)) {
      RemoteColumns remote = mapping.remote.orElseThrow().columns;
      mapping.columns.put(fieldId, remote.bring(fieldId, source));
    }
  }

  /// The indexes of a segment whose files are not here; empty when they are. The caller has a reference while it uses them.
  public Optional<RemoteIndexes> remoteIndexes() {
    return mapping.remote.map(Remote::indexes);
  }

  /// A reader of the same mapping for another owner, who closes it; empty when nobody has a reference
  /// any more.
  public Optional<SegmentReader> share() {
    return tryRetain() ? Optional.of(new SegmentReader(this)) : Optional.empty();
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
    ColumnView column = mapping.columns.get(fieldId);
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
  /// @param field the one that the index is over
  /// @throws DbException `CORRUPT` when the file is not the one `index` describes,
  ///     `STORAGE_IO_FAILED`
  public void attachIndex(IndexEntry index, Field field, Path file) {
    MemorySegment bytes = MappedFiles.map(file, index.file(), mapping.arena);
    MappedFiles.verify(bytes, index.file());
    ColumnView column = column(field.id());
    ColumnView values = column instanceof Nullables nullables ? nullables.values() : column;
    try {
      mapping.indexes.put(field.id(), open(bytes, field, values));
    } catch (IndexCorruptException e) {
      throw new DbException(
          ErrorCode.CORRUPT, "%s: %s".formatted(index.file().key(), e.getMessage()), e);
    }
  }

  private static Index open(MemorySegment bytes, Field field, ColumnView values) {
    return switch (values) {
      case ByteStrings sparse -> SparseIndex.open(bytes, new SparseRows(sparse.bytes()));
      case ByteVectors bits when field.type() == DataType.BINARY_VECTOR ->
          open(bytes, new BitVectors(bits.values(), bits.rowCount(), bits.rowBytes()));
      default -> open(bytes, DenseColumn.of(values, field));
    };
  }

  private static MinHashIndex open(MemorySegment bytes, BitVectors vectors) {
    MinHashIndex opened = MinHashIndex.open(bytes, vectors);
    PageAdvice.random(bytes);
    PageAdvice.random(vectors.data());
    return opened;
  }

  private static VectorIndex open(MemorySegment bytes, DenseVectors vectors) {
    VectorIndex opened = VectorIndex.open(bytes, vectors);
    if (opened.readsAtRandom()) {
      PageAdvice.random(bytes);
    }
    if (opened.readsVectorsAtRandom()) {
      PageAdvice.random(vectors.data());
    }
    return opened;
  }

  /// The index over a field, if one is attached: over the vectors that are there, by rank; over those in lists one after
  /// the other.
  public Optional<Index> index(long fieldId) {
    return Optional.ofNullable(mapping.indexes.get(fieldId));
  }

  /// Bytes mapped and held, without indexes.
  public long sizeBytes() {
    return entry.file().sizeBytes();
  }

  /// Takes a reference, unless the last one is gone already.
  public boolean tryRetain() {
    int held = mapping.references.get();
    while (held > 0) {
      if (mapping.references.compareAndSet(held, held + 1)) {
        return true;
      }
      held = mapping.references.get();
    }
    return false;
  }

  /// Gives back a reference taken by [#tryRetain].
  public void release() {
    int left = mapping.references.decrementAndGet();
    if (left == 0) {
      mapping.arena.close();
      mapping.unmapped.run();
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
