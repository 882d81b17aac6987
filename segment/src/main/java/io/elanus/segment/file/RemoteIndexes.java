package io.elanus.segment.file;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.Field;
import io.elanus.index.IndexCorruptException;
import io.elanus.index.RemoteLists;
import io.elanus.segment.column.DenseColumn;
import io.elanus.segment.file.SegmentReader.ColumnSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;

/// The indexes of a segment whose files are not here, as far as they can be searched: of one over lists its head is brought, and
/// the lists that searches need.
///
/// Each has a shared arena of its own, so that one that fails leaves nothing behind. They live until the segment is closed. Who
/// brings something has a reference to the segment, and lets nobody bring the same meanwhile.
public final class RemoteIndexes {
  private final SegmentEntry entry;
  private final Map<Long, Held> held = new ConcurrentHashMap<>();
  private final Set<Long> aside = ConcurrentHashMap.newKeySet();

  /// What is here of an index.
  private record Held(FileRef file, RemoteLists lists, Queue<Arena> arenas, AtomicLong bytes) {}

  RemoteIndexes(SegmentEntry entry) {
    this.entry = entry;
  }

  /// The file of the index over a field; empty when there is none.
  public Optional<FileRef> file(long fieldId) {
    return entry.indexes().stream()
        .filter(index -> index.fieldId() == fieldId)
        .map(IndexEntry::file)
        .findFirst();
  }

  /// Whether it is known if the index over a field has lists.
  public boolean isKnown(long fieldId) {
    return held.containsKey(fieldId) || aside.contains(fieldId);
  }

  /// The lists of the index over a field, if their head is here.
  public Optional<RemoteLists> lists(long fieldId) {
    return Optional.ofNullable(held.get(fieldId)).map(Held::lists);
  }

  /// The index over a field is of no use before it is here as a whole, if then. Searches that have begun by its lists go on.
  public void leaveAside(long fieldId) {
    aside.add(fieldId);
  }

  /// Whether [#leaveAside] was said.
  public boolean isAside(long fieldId) {
    return aside.contains(fieldId);
  }

  /// Bytes that [#bringHead] takes; 0 when the index cannot be searched by lists.
  ///
  /// @throws DbException `CORRUPT` when the file is no index over this field of this segment; whatever `source` throws
  public long headBytes(Field field, FileRef file, ColumnSource source) {
    if (file.sizeBytes() < RemoteLists.START_BYTES) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment start = arena.allocate(RemoteLists.START_BYTES);
      source.fill(0, start);
      return start(field, file, start).map(RemoteLists.Start::headBytes).orElse(0L);
    }
  }

  private Optional<RemoteLists.Start> start(Field field, FileRef file, MemorySegment bytes) {
    Optional<RemoteLists.Start> start = proven(file, () -> RemoteLists.start(bytes));
    start.ifPresent(said -> {
      RemoteLists.Start expected =
          new RemoteLists.Start(
              entry.rowCount(),
              field.dimension(),
              DenseColumn.values(field),
              said.headBytes(),
              file.sizeBytes());
      if (!said.equals(expected)) {
        throw ErrorCode.CORRUPT.because("%s: %s, expected %s", file.key(), said, expected);
      }
    });
    return start;
  }

  /// @param bytes what [#headBytes] said
  /// @throws DbException `CORRUPT` when the head is not whole, or of another field; whatever `source` throws
  public void bringHead(Field field, FileRef file, long bytes, ColumnSource source) {
    Arena arena = Arena.ofShared();
    boolean whole = false;
    try {
      MemorySegment head = arena.allocate(bytes, SegmentWriter.ALIGNMENT);
      source.fill(0, head);
      start(field, file, head);
      RemoteLists lists = proven(file, () -> RemoteLists.open(head));
      Queue<Arena> arenas = new ConcurrentLinkedQueue<>();
      arenas.add(arena);
      held.put(field.id(), new Held(file, lists, arenas, new AtomicLong(bytes)));
      whole = true;
    } finally {
      if (!whole) {
        arena.close();
      }
    }
  }

  /// Brings one of the lists of which [#lists] said that they are missing.
  ///
  /// @throws DbException `CORRUPT` when it is not whole; whatever `source` throws
  public void bringList(long fieldId, RemoteLists.Range range, ColumnSource source) {
    Held index = Optional.ofNullable(held.get(fieldId)).orElseThrow();
    Arena arena = Arena.ofShared();
    boolean whole = false;
    try {
      MemorySegment bytes = arena.allocate(range.bytes(), SegmentWriter.ALIGNMENT);
      source.fill(range.offset(), bytes);
      proven(
          index.file,
          () -> {
            index.lists.arrived(range.list(), bytes);
            return index;
          });
      index.arenas.add(arena);
      index.bytes.addAndGet(range.bytes());
      whole = true;
    } finally {
      if (!whole) {
        arena.close();
      }
    }
  }

  private static <T> T proven(FileRef file, Supplier<T> use) {
    try {
      return use.get();
    } catch (IndexCorruptException e) {
      throw new DbException(ErrorCode.CORRUPT, "%s: %s".formatted(file.key(), e.getMessage()), e);
    }
  }

  /// @param freed told the bytes that were brought of each file
  void close(ObjLongConsumer<FileRef> freed) {
    for (Held index : held.values()) {
      index.arenas.forEach(Arena::close);
      freed.accept(index.file, index.bytes.get());
    }
  }
}
