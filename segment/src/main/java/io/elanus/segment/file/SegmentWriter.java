package io.elanus.segment.file;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ColumnLocation;
import io.elanus.segment.column.ColumnView.Longs;
import io.elanus.segment.column.Validity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes a segment file (docs/formats/segment-file.md), column by column, without holding more
/// than one buffer of it.
///
/// ```
/// "PAR1"
/// for each column: padding, page header, levels, values (64-byte aligned), CRC32C of the values; then, of
///     one that can be null, padding, validity, its CRC32C; and of lists padding, starts, their CRC32C
/// footer, its size, "PAR1"
/// ```
public final class SegmentWriter {
  static final int FORMAT_VERSION = 3;
  static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  /// Behind the values of each column, so that a column read alone can be proven whole.
  static final int CHECKSUM_BYTES = 4;

  /// A cache line, and the widest vector register.
  static final int ALIGNMENT = 64;

  private final SegmentRows rows;
  private final ChecksummedFile out;
  private final List<ParquetMetadata.Chunk> chunks = new ArrayList<>();
  private final List<ColumnLocation> locations = new ArrayList<>();

  private SegmentWriter(SegmentRows rows, ChecksummedFile out) {
    this.rows = rows;
    this.out = out;
  }

  /// Makes `file`, replacing what is there.
  ///
  /// @throws DbException `PARAMETER_TOO_LARGE` for a column of 2 GiB or more, `STORAGE_IO_FAILED`
  /// @throws IllegalArgumentException for no rows
  public static WrittenSegment write(Path file, SegmentRows rows) {
    if (rows.rowCount() == 0) {
      throw new IllegalArgumentException("a segment has at least one row");
    }
    try (ChecksummedFile out = ChecksummedFile.create(file)) {
      return new SegmentWriter(rows, out).write();
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "cannot write segment file %s: %s".formatted(file, e), e);
    }
  }

  private WrittenSegment write() throws IOException {
    out.write(MAGIC);
    for (ParquetColumn column : ParquetColumn.of(rows.schema())) {
      write(column);
    }
    byte[] footer = ParquetMetadata.footer(rows.rowCount(), chunks);
    out.write(footer);
    out.writeInt(footer.length);
    out.write(MAGIC);
    int crc = out.finish();
    return describe(crc);
  }

  private void write(ParquetColumn column) throws IOException {
    ColumnWriter writer = ColumnWriter.of(column, rows);
    Levels levels = writer.levels(rows.rowCount());
    PageSize page = PageSize.of(column, levels, writer.values().sizeBytes());
    byte[] header = ParquetMetadata.pageHeader(page, rows.rowCount());
    int ahead = header.length + levels.sizeBytes();
    out.padTo(aligned(out.position() + ahead) - ahead);

    long start = out.position();
    out.write(header);
    out.write(levels.repetition());
    out.write(levels.definition());
    long valueStart = out.position();
    out.beginSection();
    writer.values().writeTo(out);
    require(out.position() == valueStart + page.valueBytes(), column);

    chunks.add(
        new ParquetMetadata.Chunk(column, start, out.position() - start, levels.valueCount()));
    out.writeInt(out.sectionCrc());
    locations.add(new ColumnLocation(column.fieldId(), valueStart, page.valueBytes()));
    if (writer.validity().isPresent()) {
      writeBeside(ColumnLocation.validity(column.fieldId()), writer.validity().get());
    }
    if (writer.starts().isPresent()) {
      writeBeside(ColumnLocation.starts(column.fieldId()), writer.starts().get());
    }
  }

  private void writeBeside(long id, Validity validity) throws IOException {
    long start = beginBeside();
    for (long word : validity.words()) {
      out.writeLong(word);
    }
    endBeside(id, start);
  }

  private void writeBeside(long id, int[] starts) throws IOException {
    long start = beginBeside();
    for (int value : starts) {
      out.writeInt(value);
    }
    endBeside(id, start);
  }

  /// What no Parquet reader looks at lies between the column chunks.
  private long beginBeside() throws IOException {
    out.padTo(aligned(out.position()));
    out.beginSection();
    return out.position();
  }

  private void endBeside(long id, long start) throws IOException {
    long sizeBytes = out.position() - start;
    out.writeInt(out.sectionCrc());
    locations.add(new ColumnLocation(id, start, sizeBytes));
  }

  private static long aligned(long position) {
    return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static void require(boolean sizeMatches, ParquetColumn column) {
    if (!sizeMatches) {
      throw new IllegalStateException(
          "column '%s' changed while it was written".formatted(column.name()));
    }
  }

  private WrittenSegment describe(int crc) {
    List<Longs> versions = rows.views(ColumnLocation.VERSION, Longs.class);
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (long ref : rows.order()) {
      long version = versions.get(SegmentRows.block(ref)).get(SegmentRows.row(ref));
      min = Math.min(min, version);
      max = Math.max(max, version);
    }
    return new WrittenSegment(rows.rowCount(), min, max, out.position(), crc, locations);
  }
}
