package io.elanus.segment.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.format.Damage;
import io.elanus.common.manifest.ColumnLocation;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.RowBatch;
import io.elanus.segment.EveryType;
import io.elanus.segment.Samples;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No byte of a segment file can change without the reader noticing, before any of it is used: the whole file
/// at once, or a column when it is brought alone.
final class SegmentDamageTest {
  private static final CollectionSchema SCHEMA = Samples.schema(DataType.VARCHAR, 3);

  @TempDir private Path folder;
  private Path damaged = Path.of("");

  @BeforeEach
  void name() {
    damaged = folder.resolve("damaged");
  }

  private SegmentEntry written(CollectionSchema schema, RowBatch rows) {
    return Samples.write(folder.resolve("segment"), Samples.segmentRows(schema, rows));
  }

  private SegmentEntry few() {
    return written(SCHEMA, Samples.rows(SCHEMA, Samples.keys(SCHEMA, 3, 1, 2), new Random(1)));
  }

  private SegmentEntry ofEveryType() {
    return written(EveryType.SCHEMA, EveryType.rows(3, new Random(1)));
  }

  private byte[] bytes() throws IOException {
    return Files.readAllBytes(folder.resolve("segment"));
  }

  @Test
  void aWholeFile() throws IOException {
    SegmentEntry entry = few();

    Damage.assertNoticed(bytes(), bytes -> open(bytes, entry, SCHEMA));
  }

  @Test
  void aWholeFileOfEveryType() throws IOException {
    SegmentEntry entry = ofEveryType();

    Damage.assertNoticed(bytes(), bytes -> open(bytes, entry, EveryType.SCHEMA));
  }

  private int open(byte[] bytes, SegmentEntry entry, CollectionSchema schema) throws IOException {
    Damage.overwrite(damaged, bytes);
    try (SegmentReader reader = SegmentReader.open(damaged, entry, schema)) {
      return reader.rowCount();
    }
  }

  @Test
  void aColumnThatIsBroughtAlone() throws IOException {
    assertEachColumnProvesItself(few(), SCHEMA);
  }

  @Test
  void aColumnOfAnyTypeThatIsBroughtAlone() throws IOException {
    assertEachColumnProvesItself(ofEveryType(), EveryType.SCHEMA);
  }

  /// What belongs to no column is never looked at, and so cannot be believed.
  private void assertEachColumnProvesItself(SegmentEntry entry, CollectionSchema schema)
      throws IOException {
    byte[] whole = bytes();
    BitSet read = new BitSet();
    try (SegmentReader part =
        SegmentReader.openPart(entry, schema, source(whole, read), (_, _) -> {})) {
      schema.fields().forEach(field -> part.bring(field.id(), source(whole, read)));
    }
    Damage.eachFlip(
        whole,
        (bytes, at, mask) -> {
          Optional<ColumnLocation> column = columnAt(entry, at);
          assertThat(column.isPresent()).as("byte %d is read", at).isEqualTo(read.get(at));
          column.ifPresent(location ->
              Damage.assertCorrupt(
                  "byte %d xor %02x of %s".formatted(at, mask, location),
                  bytes,
                  flipped -> bring(location.owner(), flipped, entry, schema)));
        });
  }

  /// Timestamps are for compactions, which read whole files.
  private static Optional<ColumnLocation> columnAt(SegmentEntry entry, int at) {
    return entry.columns().stream()
        .filter(c -> c.fieldId() != ColumnLocation.TIMESTAMP)
        .filter(c -> at >= c.offset())
        .filter(c -> at < c.offset() + c.sizeBytes() + SegmentWriter.CHECKSUM_BYTES)
        .findFirst();
  }

  private static boolean bring(
      long fieldId, byte[] bytes, SegmentEntry entry, CollectionSchema schema) {
    SegmentReader.ColumnSource source = source(bytes, new BitSet());
    try (SegmentReader part = SegmentReader.openPart(entry, schema, source, (_, _) -> {})) {
      part.bring(fieldId, source);
      return part.has(fieldId);
    }
  }

  private static SegmentReader.ColumnSource source(byte[] bytes, BitSet read) {
    return (offset, target) -> {
      int start = (int) offset;
      int size = (int) target.byteSize();
      read.set(start, start + size);
      MemorySegment.copy(bytes, start, target, ValueLayout.JAVA_BYTE, 0, size);
    };
  }
}
