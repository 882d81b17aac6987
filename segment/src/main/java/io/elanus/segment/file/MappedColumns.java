package io.elanus.segment.file;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ColumnLocation;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.segment.column.Blobs;
import io.elanus.segment.column.ColumnView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/// Finds the columns of a mapped segment file by the manifest's [ColumnLocation]s.
final class MappedColumns {
  private final MemorySegment file;
  private final SegmentEntry entry;

  private MappedColumns(MemorySegment file, SegmentEntry entry) {
    this.file = file;
    this.entry = entry;
  }

  /// By field id. A field the file has no column for, being younger, is left out; a column whose
  /// field is gone as well.
  ///
  /// @throws io.elanus.common.error.DbException `CORRUPT` when a column does not fit the file, its
  ///     row count or its type
  static Map<Long, ColumnView> of(MemorySegment file, SegmentEntry entry, CollectionSchema schema) {
    MappedColumns mapped = new MappedColumns(file, entry);
    mapped.requireMagic(0);
    mapped.requireMagic(file.byteSize() - SegmentWriter.MAGIC.length);
    Map<Long, ColumnLocation> locations = new HashMap<>();
    entry.columns().forEach(location -> locations.put(location.fieldId(), location));
    Map<Long, ColumnView> columns = new HashMap<>();
    for (ParquetColumn column : ParquetColumn.of(schema)) {
      ColumnLocation location = locations.get(column.fieldId());
      if (location != null) {
        columns.put(column.fieldId(), mapped.view(column, location));
      }
    }
    return Map.copyOf(columns);
  }

  private void requireMagic(long offset) {
    int length = SegmentWriter.MAGIC.length;
    boolean found =
        offset >= 0
            && offset + length <= file.byteSize()
            && file.asSlice(offset, length).mismatch(MemorySegment.ofArray(SegmentWriter.MAGIC))
                == -1;
    if (!found) {
      throw ErrorCode.CORRUPT.because("%s is no segment file", entry.file().key());
    }
  }

  private ColumnView view(ParquetColumn column, ColumnLocation location) {
    return view(entry, column, slice(location));
  }

  /// The column whose values are `values`, wherever these were brought to.
  ///
  /// @throws io.elanus.common.error.DbException `CORRUPT` when they do not fit the row count or the type
  static ColumnView view(SegmentEntry entry, ParquetColumn column, MemorySegment values) {
    int rows = entry.rowCount();
    return switch (column.kind()) {
      case BOOLEAN -> new ColumnView.Bools(words(sized(entry, values, (rows + 7L) / 8)), rows);
      case INT32 -> new ColumnView.Ints(sized(entry, values, rows * 4L), rows);
      case INT64 -> new ColumnView.Longs(sized(entry, values, rows * 8L), rows);
      case DOUBLE -> new ColumnView.Doubles(sized(entry, values, rows * 8L), rows);
      case TEXT -> new ColumnView.Texts(Blobs.scan(values, rows));
      case JSON -> new ColumnView.Jsons(Blobs.scan(values, rows));
      case FLOAT_LIST ->
          new ColumnView.Vectors(
              sized(entry, values, rows * 4L * column.dimension()), rows, column.dimension());
    };
  }

  private static MemorySegment sized(SegmentEntry entry, MemorySegment values, long expectedBytes) {
    if (values.byteSize() != expectedBytes) {
      throw ErrorCode.CORRUPT.because(
          "%s: a column of %d bytes where %d rows take %d",
          entry.file().key(), values.byteSize(), entry.rowCount(), expectedBytes);
    }
    return values;
  }

  private MemorySegment slice(ColumnLocation location) {
    long offset = location.offset();
    long size = location.sizeBytes();
    if (offset < 0 || size < 0 || offset > file.byteSize() - size) {
      throw corrupt(location);
    }
    return file.asSlice(offset, size);
  }

  private RuntimeException corrupt(ColumnLocation location) {
    return ErrorCode.CORRUPT.because(
        "%s: %s does not fit %d rows in %d bytes",
        entry.file().key(), location, entry.rowCount(), file.byteSize());
  }

  /// Bits are copied: they are few, and words are faster to work with than bytes.
  private static long[] words(MemorySegment bits) {
    byte[] bytes = bits.toArray(ValueLayout.JAVA_BYTE);
    long[] words = new long[(bytes.length + 7) / 8];
    for (int i = 0; i < bytes.length; i++) {
      words[i >> 3] |= (bytes[i] & 0xffL) << ((i & 7) * 8);
    }
    return words;
  }
}
