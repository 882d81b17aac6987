package io.elanus.segment.file;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ColumnLocation;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.file.SegmentReader.ColumnSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Brings single columns of a segment file into memory, and proves them whole by the checksum behind them.
///
/// Each column has a shared arena of its own, so that one that fails leaves nothing behind. They live until
/// [#close], whose caller knows that nobody reads or brings any more.
final class RemoteColumns {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final SegmentEntry entry;
  private final Map<Long, ParquetColumn> columns = new ConcurrentHashMap<>();
  private final Map<Long, ColumnLocation> locations = new ConcurrentHashMap<>();
  private final Map<Long, Arena> brought = new ConcurrentHashMap<>();

  RemoteColumns(SegmentEntry entry, CollectionSchema schema) {
    this.entry = entry;
    adopt(schema);
  }

  /// Knows the fields of `schema`, too.
  void adopt(CollectionSchema schema) {
    ParquetColumn.of(schema).forEach(column -> columns.putIfAbsent(column.fieldId(), column));
    entry.columns().stream()
        .filter(location -> columns.containsKey(location.owner()))
        .forEach(location -> locations.put(location.fieldId(), location));
  }

  /// What rows have of the fields that are younger than the file.
  Map<Long, ColumnView> absent() {
    Map<Long, ColumnView> absent = new HashMap<>();
    for (ParquetColumn column : columns.values()) {
      if (!isThere(column.fieldId())) {
        MappedColumns.absent(entry, column).ifPresent(view -> absent.put(column.fieldId(), view));
      }
    }
    return absent;
  }

  /// Whether the file has a column for the field.
  boolean isThere(long fieldId) {
    return locations.containsKey(fieldId);
  }

  long sizeBytes(long fieldId) {
    return sections(fieldId).stream()
        .mapToLong(location -> location.sizeBytes() + SegmentWriter.CHECKSUM_BYTES)
        .sum();
  }

  /// The values, and what lies beside them.
  private List<ColumnLocation> sections(long fieldId) {
    return locations.values().stream().filter(l -> l.owner() == fieldId).toList();
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT` when the column is not whole; whatever `source`
  ///     throws
  ColumnView bring(long fieldId, ColumnSource source) {
    Arena arena = Arena.ofShared();
    boolean whole = false;
    try {
      ColumnView column = bring(fieldId, source, arena);
      brought.put(fieldId, arena);
      whole = true;
      return column;
    } finally {
      if (!whole) {
        arena.close();
      }
    }
  }

  private ColumnView bring(long fieldId, ColumnSource source, Arena arena) {
    Map<Long, MemorySegment> sections = new HashMap<>();
    for (ColumnLocation location : sections(fieldId)) {
      sections.put(location.fieldId(), bring(location, source, arena));
    }
    return MappedColumns.view(
        entry, Optional.ofNullable(columns.get(fieldId)).orElseThrow(), sections);
  }

  private MemorySegment bring(ColumnLocation location, ColumnSource source, Arena arena) {
    MemorySegment bytes =
        arena.allocate(
            location.sizeBytes() + SegmentWriter.CHECKSUM_BYTES, SegmentWriter.ALIGNMENT);
    source.fill(location.offset(), bytes);
    MemorySegment section = bytes.asSlice(0, location.sizeBytes());
    verify(location, section, bytes.get(INT, location.sizeBytes()));
    return section;
  }

  /// @return bytes of all columns brought
  long close() {
    brought.values().forEach(Arena::close);
    return brought.keySet().stream().mapToLong(this::sizeBytes).sum();
  }

  private void verify(ColumnLocation location, MemorySegment values, int expected) {
    int sum = MappedFiles.checksum(values);
    if (sum != expected) {
      throw ErrorCode.CORRUPT.because(
          "%s: column %d has checksum %08x, expected %08x",
          entry.file().key(), location.fieldId(), sum, expected);
    }
  }
}
