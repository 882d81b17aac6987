package io.elanus.segment.file;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ColumnLocation;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Columns;
import io.elanus.common.model.Field;
import io.elanus.segment.column.Blobs;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.Validity;
import io.elanus.segment.file.ParquetColumn.Leaf;
import io.elanus.segment.file.ParquetColumn.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Finds the columns of a mapped segment file by the manifest's [ColumnLocation]s.
final class MappedColumns {
  private final MemorySegment file;
  private final SegmentEntry entry;
  private final Map<Long, MemorySegment> sections = new HashMap<>();

  private MappedColumns(MemorySegment file, SegmentEntry entry) {
    this.file = file;
    this.entry = entry;
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT` when this is no segment file, or a column lies beyond it
  static MappedColumns of(MemorySegment file, SegmentEntry entry) {
    MappedColumns mapped = new MappedColumns(file, entry);
    mapped.requireMagic(0);
    mapped.requireMagic(file.byteSize() - SegmentWriter.MAGIC.length);
    entry.columns().forEach(l -> mapped.sections.put(l.fieldId(), mapped.slice(l)));
    return mapped;
  }

  /// Puts those columns of `schema` into `columns`, by field id, that are not there. A field the file has no column
  /// for, being younger, is null or its default in every row; a column whose field is not in the schema is left
  /// out.
  ///
  /// @throws io.elanus.common.error.DbException `CORRUPT` when a column does not fit the file, its
  ///     row count or its type
  void addTo(Map<Long, ColumnView> columns, CollectionSchema schema) {
    for (ParquetColumn column : ParquetColumn.of(schema)) {
      if (columns.containsKey(column.fieldId())) {
        continue;
      }
      if (sections.containsKey(column.fieldId())) {
        columns.put(column.fieldId(), view(entry, column, sections));
      } else {
        absent(entry, column).ifPresent(view -> columns.put(column.fieldId(), view));
      }
    }
  }

  /// What the rows of a segment have that is older than the field; empty for a field that has to be given.
  static Optional<ColumnView> absent(SegmentEntry entry, ParquetColumn column) {
    return column
        .field()
        .filter(Field::maybeYounger)
        .map(field -> ColumnView.of(Columns.absent(field, entry.rowCount())));
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

  /// The column whose values lie in `sections`, wherever these were brought to: its own, and those of its
  /// validity and its starts, by their ids in [ColumnLocation].
  ///
  /// @throws io.elanus.common.error.DbException `CORRUPT` when they do not fit the row count or the type
  static ColumnView view(
      SegmentEntry entry, ParquetColumn column, Map<Long, MemorySegment> sections) {
    int rows = entry.rowCount();
    if (!column.nullable()) {
      return values(entry, column, sections, rows);
    }
    long[] words =
        section(entry, sections, ColumnLocation.validity(column.fieldId()), (rows + 63L) / 64 * 8)
            .toArray(ColumnView.LONG);
    Validity validity = Validity.of(words, rows);
    return new ColumnView.Nullables(values(entry, column, sections, validity.count()), validity);
  }

  private static ColumnView values(
      SegmentEntry entry, ParquetColumn column, Map<Long, MemorySegment> sections, int count) {
    MemorySegment values = Optional.ofNullable(sections.get(column.fieldId())).orElseThrow();
    return switch (column.shape()) {
      case Shape.One _ -> leaf(entry, column.leaf(), values, count, column.leaf().length());
      case Shape.Fixed(int length) -> leaf(entry, column.leaf(), values, count, 4 * length);
      case Shape.Lists _ -> {
        long id = ColumnLocation.starts(column.fieldId());
        MemorySegment starts = section(entry, sections, id, (count + 1) * 4L);
        int elements = requireAscending(entry, starts);
        yield new ColumnView.Lists(
            leaf(entry, column.leaf(), values, elements, column.leaf().length()), starts, count);
      }
    };
  }

  private static MemorySegment section(
      SegmentEntry entry, Map<Long, MemorySegment> sections, long id, long expectedBytes) {
    MemorySegment section = sections.get(id);
    if (section == null) {
      throw ErrorCode.CORRUPT.because("%s has no section %d", entry.file().key(), id);
    }
    return sized(entry, section, expectedBytes);
  }

  /// @return the last one
  private static int requireAscending(SegmentEntry entry, MemorySegment starts) {
    int last = 0;
    for (long at = 0; at < starts.byteSize(); at += 4) {
      int next = starts.get(ColumnView.INT, at);
      if (next < last || at == 0 && next != 0) {
        throw ErrorCode.CORRUPT.because(
            "%s: a list starts at %d behind one at %d", entry.file().key(), next, last);
      }
      last = next;
    }
    return last;
  }

  /// @param length of a value in bytes, where all have one length
  private static ColumnView leaf(
      SegmentEntry entry, Leaf leaf, MemorySegment values, int count, int length) {
    return switch (leaf.form()) {
      case BOOL -> new ColumnView.Bools(words(sized(entry, values, (count + 7L) / 8)), count);
      case INT32 -> new ColumnView.Ints(sized(entry, values, count * 4L), count);
      case INT64 -> new ColumnView.Longs(sized(entry, values, count * 8L), count);
      case FLOAT -> new ColumnView.Floats(sized(entry, values, count * 4L), count);
      case DOUBLE -> new ColumnView.Doubles(sized(entry, values, count * 8L), count);
      case TEXT -> new ColumnView.Texts(Blobs.scan(values, count));
      case BYTES -> new ColumnView.ByteStrings(Blobs.scan(values, count));
      case FLOAT_VECTOR ->
          new ColumnView.Vectors(sized(entry, values, (long) count * length), count, length / 4);
      case BYTE_VECTOR ->
          new ColumnView.ByteVectors(sized(entry, values, (long) count * length), count, length);
      case LIST -> throw new IllegalArgumentException("no list of lists");
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
