package io.elanus.segment.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.format.Format;
import io.elanus.common.manifest.ColumnLocation;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.RowBatch;
import io.elanus.segment.Samples;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.KeyView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SegmentFileTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/segment-file-3.parquet");
  private static final Path FORMER = Path.of("src/test/resources/golden/segment-file-2.parquet");
  private static final Path FIRST = Path.of("src/test/resources/golden/segment-file-1.parquet");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"INT64,1", "INT64,2", "VARCHAR,7", "INT64,70", "VARCHAR,300"})
  void everyValueIsReadWhereItLies(DataType keyType, int dimension) {
    CollectionSchema schema = Samples.schema(keyType, dimension);
    RowBatch batch = batch(schema, 1000, 5);
    SegmentRows rows = Samples.segmentRows(schema, batch);
    Path file = folder.resolve("segment");

    SegmentEntry entry = Samples.write(file, rows);

    int[] order = Arrays.stream(rows.order()).mapToInt(SegmentRows::row).toArray();
    try (SegmentReader reader = SegmentReader.open(file, entry, schema)) {
      int[] all = IntStream.range(0, reader.rowCount()).toArray();
      for (Field field : schema.fields()) {
        assertThat(reader.column(field.id()).select(all))
            .as(field.name())
            .usingRecursiveComparison()
            .isEqualTo(batch.select(order).column(field));
      }
      assertThat(IntStream.of(all)).allMatch(row -> reader.versions().get(row) == 5000);
      assertThat(IntStream.of(all)).allMatch(row -> reader.indexes().get(row) == order[row]);
      assertAscending(reader.keys());
    }
    assertThat(entry.columns())
        .filteredOn(c -> schema.field(c.fieldId()).isPresent())
        .allMatch(c -> c.offset() % SegmentWriter.ALIGNMENT == 0);
  }

  private static RowBatch batch(CollectionSchema schema, int count, long seed) {
    Random random = new Random(seed);
    int[] numbers = random.ints(count, 0, count / 2).toArray();
    return Samples.rows(schema, Samples.keys(schema, numbers), random);
  }

  private static void assertAscending(KeyView keys) {
    for (int row = 1; row < keys.rowCount(); row++) {
      assertThat(keys.key(row - 1)).isLessThanOrEqualTo(keys.key(row));
      assertThat(keys.lowerBound(keys.key(row))).isLessThanOrEqualTo(row);
      assertThat(keys.upperBound(keys.key(row))).isGreaterThan(row);
    }
  }

  @Test
  void theBytesAreThoseOfTheGoldenFile() throws IOException {
    Path file = folder.resolve("segment");

    Samples.write(file, golden());

    if (Files.notExists(GOLDEN) && "write".equals(System.getProperty("elanus.golden"))) {
      Files.copy(file, GOLDEN);
    }
    assertThat(file).hasSameBinaryContentAs(GOLDEN);
  }

  private static SegmentRows golden() {
    CollectionSchema schema = Samples.schema(DataType.VARCHAR, 3);
    return Samples.segmentRows(schema, batch(schema, 10, 1), batch(schema, 4, 2));
  }

  /// The columns lie where they lay before there were nulls and lists.
  @Test
  void aFileOfTheFormerFormatIsRead() throws IOException {
    CollectionSchema schema = Samples.schema(DataType.VARCHAR, 3);
    SegmentEntry today = Samples.write(folder.resolve("segment"), golden());
    byte[] bytes = Files.readAllBytes(FORMER);
    SegmentEntry former =
        new SegmentEntry(
            today.id(),
            today.partition(),
            today.rowCount(),
            today.minVersion(),
            today.maxVersion(),
            today.appliedThrough(),
            new FileRef(today.file().key(), bytes.length, Format.crc32c(bytes, 0, bytes.length)),
            today.columns(),
            List.of());

    try (SegmentReader reader = SegmentReader.open(FORMER, former, schema);
        SegmentReader part = SegmentReader.openPart(former, schema, source(FORMER), (_, _) -> {});
        SegmentReader same = SegmentReader.open(folder.resolve("segment"), today, schema)) {
      schema.fields().forEach(field -> part.bring(field.id(), source(FORMER)));
      assertSameColumns(reader, same, schema);
      assertSameColumns(part, same, schema);
    }
  }

  @Test
  void aFileOfTheFirstFormatIsReadAsAWhole() {
    CollectionSchema schema = Samples.schema(DataType.VARCHAR, 3);
    SegmentEntry today = Samples.write(folder.resolve("segment"), golden());
    long[][] locations = {
      {1, 64, 112},
      {2, 256, 56},
      {3, 384, 112},
      {100, 576, 98},
      {101, 704, 2},
      {102, 768, 112},
      {103, 960, 112},
      {104, 1152, 110},
      {105, 1344, 168},
      {106, 1536, 371}
    };
    SegmentEntry former =
        new SegmentEntry(
            today.id(),
            today.partition(),
            today.rowCount(),
            today.minVersion(),
            today.maxVersion(),
            today.appliedThrough(),
            new FileRef(today.file().key(), 2511, -1831450602),
            Stream.of(locations).map(l -> new ColumnLocation(l[0], l[1], l[2])).toList(),
            List.of());

    try (SegmentReader reader = SegmentReader.open(FIRST, former, schema);
        SegmentReader same = SegmentReader.open(folder.resolve("segment"), today, schema)) {
      assertSameColumns(reader, same, schema);
    }
    assertThatThrownBy(() -> SegmentReader.openPart(former, schema, source(FIRST), (_, _) -> {}))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
  }

  @Test
  void aPartHasTheSameValuesOnceTheyAreBrought() {
    CollectionSchema schema = Samples.schema(DataType.VARCHAR, 3);
    Path file = folder.resolve("segment");
    SegmentEntry entry = Samples.write(file, golden());
    AtomicLong brought = new AtomicLong();

    try (SegmentReader whole = SegmentReader.open(file, entry, schema);
        SegmentReader part =
            SegmentReader.openPart(entry, schema, source(file), (_, bytes) -> brought.set(bytes))) {
      assertThat(part.isWhole()).isFalse();
      assertThat(part.keys().key(3)).isEqualTo(whole.keys().key(3));
      assertThat(part.versions().get(3)).isEqualTo(whole.versions().get(3));
      assertThat(part.has(Samples.VECTOR)).isFalse();
      assertThatThrownBy(() -> part.column(Samples.VECTOR)).isInstanceOf(DbException.class);

      schema.fields().forEach(field -> part.bring(field.id(), source(file)));

      assertSameColumns(part, whole, schema);
    }
    long expected =
        entry.columns().stream()
            .filter(c -> c.fieldId() != ColumnLocation.TIMESTAMP)
            .mapToLong(c -> c.sizeBytes() + SegmentWriter.CHECKSUM_BYTES)
            .sum();
    assertThat(brought).as("told when it is unmapped").hasValue(expected);
  }

  @Test
  void severalOwnersShareAMapping() {
    CollectionSchema schema = Samples.schema(DataType.INT64, 2);
    Path file = folder.resolve("segment");
    SegmentRows rows = Samples.segmentRows(schema, batch(schema, 10, 3));
    AtomicLong unmapped = new AtomicLong();
    SegmentReader one =
        SegmentReader.open(file, Samples.write(file, rows), schema, unmapped::incrementAndGet);
    SegmentReader two = one.share().orElseThrow();

    one.close();
    one.close();
    assertThat(two.versions().get(0)).isEqualTo(5000);
    assertThat(unmapped).hasValue(0);
    two.close();

    assertThat(unmapped).hasValue(1);
    assertThat(one.share()).isEmpty();
  }

  private static void assertSameColumns(
      SegmentReader some, SegmentReader others, CollectionSchema schema) {
    int[] all = IntStream.range(0, others.rowCount()).toArray();
    for (Field field : schema.fields()) {
      assertThat(some.column(field.id()).select(all))
          .as(field.name())
          .usingRecursiveComparison()
          .isEqualTo(others.column(field.id()).select(all));
    }
  }

  private static SegmentReader.ColumnSource source(Path file) {
    return (offset, target) -> {
      try {
        byte[] bytes = Files.readAllBytes(file);
        MemorySegment.copy(
            bytes, (int) offset, target, ValueLayout.JAVA_BYTE, 0, (int) target.byteSize());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  @Test
  void aVerifiedFileIsStillCheckedForItsShape() throws IOException {
    CollectionSchema schema = Samples.schema(DataType.VARCHAR, 3);
    Path file = folder.resolve("segment");
    SegmentEntry entry = Samples.write(file, golden());
    byte[] bytes = Files.readAllBytes(file);
    ColumnLocation names =
        entry.columns().stream().filter(c -> c.fieldId() == Samples.NAME).findFirst().orElseThrow();
    bytes[(int) names.offset() + 3] = 0x7f;
    Files.write(file, bytes);

    assertThatThrownBy(() -> SegmentReader.openVerified(file, entry, schema, () -> {}))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("behind the end of its column");
  }

  @Test
  void theLastReferenceUnmaps() {
    CollectionSchema schema = Samples.schema(DataType.INT64, 2);
    Path file = folder.resolve("segment");
    SegmentRows rows = Samples.segmentRows(schema, batch(schema, 10, 3));
    SegmentReader reader = SegmentReader.open(file, Samples.write(file, rows), schema);
    ColumnView.Longs versions = reader.versions();

    assertThat(reader.tryRetain()).isTrue();
    reader.close();
    reader.close();
    assertThat(versions.get(0)).isEqualTo(5000);
    reader.release();

    assertThat(reader.tryRetain()).isFalse();
    assertThatThrownBy(() -> versions.get(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aColumnOfTwoGibibytesIsRefused() {
    ParquetColumn column = ParquetColumn.of(Samples.schema(DataType.INT64, 1024)).get(8);
    Levels some = Levels.of(column.shape(), 500_000, Optional.empty(), _ -> 0);
    Levels more = Levels.of(column.shape(), 524_288, Optional.empty(), _ -> 0);

    assertThat(PageSize.of(column, some, 500_000L * 4096).bodyBytes()).isPositive();
    assertThatThrownBy(() -> PageSize.of(column, more, 524_288L * 4096))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("below 2 GiB");
  }

  @Test
  void noRowsMakeNoSegment() {
    CollectionSchema schema = Samples.schema(DataType.INT64, 2);
    SegmentRows none = SegmentRows.sorted(schema, java.util.List.of(), new long[0]);

    assertThatThrownBy(() -> SegmentWriter.write(folder.resolve("segment"), none))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
