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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/// Brings single columns of a segment file into memory, and proves them whole by the checksum behind them.
final class RemoteColumns {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final SegmentEntry entry;
  private final Arena arena;
  private final Map<Long, ParquetColumn> columns = new HashMap<>();
  private final Map<Long, ColumnLocation> locations = new HashMap<>();

  private final AtomicLong broughtBytes = new AtomicLong();

  RemoteColumns(SegmentEntry entry, CollectionSchema schema, Arena arena) {
    this.entry = entry;
    this.arena = arena;
    ParquetColumn.of(schema).forEach(column -> columns.put(column.fieldId(), column));
    entry.columns().stream()
        .filter(location -> columns.containsKey(location.fieldId()))
        .forEach(location -> locations.put(location.fieldId(), location));
  }

  /// Whether the file has a column for the field.
  boolean isThere(long fieldId) {
    return locations.containsKey(fieldId);
  }

  long sizeBytes(long fieldId) {
    return Optional.ofNullable(locations.get(fieldId))
        .map(location -> location.sizeBytes() + SegmentWriter.CHECKSUM_BYTES)
        .orElse(0L);
  }

  ColumnView bring(long fieldId, ColumnSource source) {
    ColumnLocation location = Optional.ofNullable(locations.get(fieldId)).orElseThrow();
    MemorySegment bytes =
        arena.allocate(
            location.sizeBytes() + SegmentWriter.CHECKSUM_BYTES, SegmentWriter.ALIGNMENT);
    source.fill(location.offset(), bytes);
    MemorySegment values = bytes.asSlice(0, location.sizeBytes());
    verify(location, values, bytes.get(INT, location.sizeBytes()));
    ColumnView view =
        MappedColumns.view(entry, Optional.ofNullable(columns.get(fieldId)).orElseThrow(), values);
    broughtBytes.addAndGet(bytes.byteSize());
    return view;
  }

  long broughtBytes() {
    return broughtBytes.get();
  }

  private void verify(ColumnLocation location, MemorySegment values, int expected) {
    CRC32C crc = new CRC32C();
    crc.update(values.asByteBuffer());
    if ((int) crc.getValue() != expected) {
      throw ErrorCode.CORRUPT.because(
          "%s: column %d has checksum %08x, expected %08x",
          entry.file().key(), location.fieldId(), (int) crc.getValue(), expected);
    }
  }
}
