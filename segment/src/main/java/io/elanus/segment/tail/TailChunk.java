package io.elanus.segment.tail;

import io.elanus.common.manifest.ColumnLocation;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Columns;
import io.elanus.common.model.Field;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.segment.column.ColumnView;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Some consecutive rows of the tail, in the order of the log. Written by the tail's thread;
/// readers see a [TailBlock] of it.
final class TailChunk {
  /// Few enough that an unfinished chunk wastes little, many enough that scans run long.
  static final int MAX_ROWS = 8192;

  /// Above it a chunk takes no further rows: arrays stay well below 2 GiB, and growing them is
  /// cheap.
  static final long MAX_BYTES = 16L << 20;

  private final long keyField;
  private final long firstRow;
  private final Map<Long, FieldColumn> columns = new LinkedHashMap<>();
  private final TailColumn.Longs versions = new TailColumn.Longs();
  private final TailColumn.Ints rowIndexes = new TailColumn.Ints();
  private final TailColumn.Longs timestamps = new TailColumn.Longs();
  private long[] partitions = new long[16];
  private final TailIndexes indexes = new TailIndexes();
  private DeletionMarks marks = new DeletionMarks(16);
  private int rowCount;
  private long lastVersion;
  private TailBlock block;
  private long sizeBytes;

  /// @param firstRow number of the first row within all rows the tail ever took
  TailChunk(CollectionSchema schema, long firstRow) {
    this.keyField = schema.primaryKey().id();
    this.firstRow = firstRow;
    addColumns(schema);
    block = view();
  }

  private record FieldColumn(Field field, TailColumn values) {}

  private void addColumns(CollectionSchema schema) {
    for (Field field : schema.fields()) {
      if (!columns.containsKey(field.id())) {
        TailColumn column = TailColumn.of(field);
        if (rowCount > 0) {
          column.append(Columns.absent(field, rowCount), 0, rowCount);
        }
        columns.put(field.id(), new FieldColumn(field, column));
      }
    }
  }

  /// Gives the rows what they have of fields that are younger.
  void extend(CollectionSchema schema) {
    addColumns(schema);
    renew();
  }

  /// Adds rows of `rows` from row `from` on, as many as there is room for.
  ///
  /// @return how many: at least one, unless the chunk is full
  int append(Source source, int from) {
    RowBatch rows = source.rows();
    int to = from + Math.min(rows.rowCount() - from, room(rows));
    if (to == from) {
      return 0;
    }
    columns
        .values()
        .forEach(column -> column.values().append(values(rows, column.field()), from, to));
    versions.appendRepeated(source.version(), to - from);
    timestamps.appendRepeated(source.timestamp(), to - from);
    rowIndexes.appendRange(from, to);
    reserve(rowCount + to - from);
    Arrays.fill(partitions, rowCount, rowCount + to - from, source.partition().value());
    rowCount += to - from;
    lastVersion = source.version();
    renew();
    return to - from;
  }

  /// Gets no more rows, and keeps no room for them in its columns.
  void complete() {
    columns.values().forEach(column -> column.values().trim());
    versions.trim();
    rowIndexes.trim();
    timestamps.trim();
    renew();
  }

  /// Those of the record, or what rows have that were written before there was the field.
  private static Column values(RowBatch rows, Field field) {
    Column given = rows.columns().get(field.id());
    return given == null ? Columns.absent(field, rows.rowCount()) : given;
  }

  /// Rows that come with one record.
  record Source(PartitionId partition, RowBatch rows, long version, long timestamp) {}

  private int room(RowBatch rows) {
    long rowBytes = Math.max(1, rows.sizeBytes() / rows.rowCount());
    long byBytes = (MAX_BYTES - usedBytes()) / rowBytes;
    long room = Math.min(MAX_ROWS - rowCount, byBytes);
    return rowCount == 0 ? (int) Math.max(1, room) : (int) Math.max(0, room);
  }

  private void reserve(int rows) {
    if (rows > partitions.length) {
      int capacity = Math.max(rows, Math.min(MAX_ROWS, 2 * partitions.length));
      partitions = Arrays.copyOf(partitions, capacity);
      marks = marks.grownTo(capacity);
    }
  }

  private void renew() {
    block = view();
    sizeBytes = usedBytes() + (partitions.length + marks.capacity()) * 8L;
  }

  private TailBlock view() {
    Map<Long, ColumnView> views = new HashMap<>();
    columns.forEach((id, column) -> views.put(id, column.values().view()));
    views.put(ColumnLocation.VERSION, versions.view());
    views.put(ColumnLocation.INDEX, rowIndexes.view());
    views.put(ColumnLocation.TIMESTAMP, timestamps.view());
    return new TailBlock(rowCount, views, keyField, partitions, marks, indexes);
  }

  /// The rows so far.
  TailBlock block() {
    return block;
  }

  long firstRow() {
    return firstRow;
  }

  long endRow() {
    return firstRow + rowCount;
  }

  /// The largest version in it.
  long lastVersion() {
    return lastVersion;
  }

  void markDeleted(int row, long version) {
    marks.mark(row, version);
  }

  /// Bytes held.
  long sizeBytes() {
    return sizeBytes;
  }

  private long usedBytes() {
    long bytes = versions.sizeBytes() + rowIndexes.sizeBytes() + timestamps.sizeBytes();
    for (FieldColumn column : columns.values()) {
      bytes += column.values().sizeBytes();
    }
    return bytes;
  }
}
