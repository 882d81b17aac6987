package io.elanus.segment.file;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.format.Damage;
import io.elanus.common.format.Format;
import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import io.elanus.common.manifest.ColumnLocation;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Field;
import io.elanus.common.model.RowBatch;
import io.elanus.segment.EveryType;
import io.elanus.segment.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Bytes of a segment file whose checksums are right, where the manifest says that columns lie: every value can be read,
/// or it is `CORRUPT` when the file is opened, or the column is brought.
public final class SegmentFuzzTest {
  private static final Set<String> NAMES =
      Set.of(
          "id",
          "bool_or_null",
          "int8",
          "varchar",
          "varchar_or_null",
          "json",
          "array_of_varchar",
          "array_of_int32_or_null",
          "float_vector_or_null",
          "int8_vector",
          "array_of_vector_of_float_vector");

  private static final CollectionSchema SCHEMA =
      new CollectionSchema(
          "some",
          "",
          EveryType.SCHEMA.fields().stream().filter(field -> NAMES.contains(field.name())).toList(),
          1);

  private static final Path FILE = temporary();
  private static final SegmentEntry ENTRY =
      Samples.write(FILE, Samples.segmentRows(SCHEMA, rows()));
  private static final byte[] WHOLE = bytes();

  private static Path temporary() {
    try {
      return Files.createTempDirectory("fuzz").resolve("segment");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RowBatch rows() {
    RowBatch all = EveryType.rows(3, new Random(8));
    SortedMap<Long, Column> columns = new TreeMap<>();
    SCHEMA.fields().forEach(field -> columns.put(field.id(), all.column(field)));
    return new RowBatch(3, columns);
  }

  private static byte[] bytes() {
    try {
      return Files.readAllBytes(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<byte[]> seeds() {
    return List.of(WHOLE);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    byte[] bytes = input;
    for (ColumnLocation column : ENTRY.columns()) {
      long end = column.offset() + column.sizeBytes();
      if (end + SegmentWriter.CHECKSUM_BYTES <= bytes.length) {
        bytes = sealedSection(bytes, (int) column.offset(), (int) end);
      }
    }
    byte[] file = bytes;
    Fuzzing.judge(input, Fuzzing.CORRUPT, () -> readWhole(file));
    Fuzzing.judge(input, Fuzzing.CORRUPT, () -> readParts(file));
  }

  private static byte[] sealedSection(byte[] bytes, int start, int end) {
    int crc = Format.crc32c(bytes, start, end);
    byte[] sealed = bytes.clone();
    for (int i = 0; i < SegmentWriter.CHECKSUM_BYTES; i++) {
      sealed[end + i] = (byte) (crc >>> 8 * i);
    }
    return sealed;
  }

  private static void readWhole(byte[] bytes) {
    FileRef ref =
        new FileRef(ENTRY.file().key(), bytes.length, Format.crc32c(bytes, 0, bytes.length));
    SegmentEntry entry =
        new SegmentEntry(
            ENTRY.id(),
            ENTRY.partition(),
            ENTRY.rowCount(),
            ENTRY.minVersion(),
            ENTRY.maxVersion(),
            ENTRY.appliedThrough(),
            ref,
            ENTRY.columns(),
            List.of());
    try {
      Damage.overwrite(FILE, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (SegmentReader reader = SegmentReader.open(FILE, entry, SCHEMA)) {
      SCHEMA.fields().forEach(field -> readAll(reader, field));
    }
  }

  private static void readParts(byte[] bytes) {
    SegmentReader.ColumnSource source =
        (offset, target) -> {
          int size = (int) target.byteSize();
          if (offset + size > bytes.length) {
            throw ErrorCode.CORRUPT.because("the object is shorter");
          }
          MemorySegment.copy(bytes, (int) offset, target, ValueLayout.JAVA_BYTE, 0, size);
        };
    try (SegmentReader reader = SegmentReader.openPart(ENTRY, SCHEMA, source, (_, _) -> {})) {
      for (Field field : SCHEMA.fields()) {
        reader.bring(field.id(), source);
        readAll(reader, field);
      }
    }
  }

  private static void readAll(SegmentReader reader, Field field) {
    int[] all = IntStream.range(0, reader.rowCount()).toArray();
    reader.column(field.id()).select(all);
    reader.keys().lowerBound(reader.keys().key(1));
    reader.versions().get(2);
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("segment", seeds(), SegmentFuzzTest::fuzzerTestOneInput);
  }
}
