package io.elanus.segment.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ColumnLocation;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.RowBatch;
import io.elanus.segment.Samples;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.KeyView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SegmentFileTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/segment-file-1.parquet");

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

  @Test
  void noDamageOfAByteAndNoCutIsReadAsRows() throws IOException {
    CollectionSchema schema = Samples.schema(DataType.VARCHAR, 3);
    Path file = folder.resolve("segment");
    SegmentEntry entry = Samples.write(file, golden());
    byte[] whole = Files.readAllBytes(file);

    for (int i = 0; i < whole.length; i += 5) {
      byte[] flipped = whole.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      assertCorrupt(flipped, entry, schema);
    }
    for (int length = 0; length < whole.length; length += 31) {
      assertCorrupt(Arrays.copyOf(whole, length), entry, schema);
    }
    assertCorrupt(Arrays.copyOf(whole, whole.length + 1), entry, schema);
  }

  private void assertCorrupt(byte[] bytes, SegmentEntry entry, CollectionSchema schema)
      throws IOException {
    Path damaged = folder.resolve("damaged");
    Files.write(damaged, bytes);
    assertThatThrownBy(() -> SegmentReader.open(damaged, entry, schema))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
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
    ParquetColumn column = new ParquetColumn(105, "vector", ParquetColumn.Kind.FLOAT_LIST, 1024);

    assertThat(PageSize.of(column, 500_000, 500_000L * 4096).bodyBytes()).isPositive();
    assertThatThrownBy(() -> PageSize.of(column, 524_288, 524_288L * 4096))
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
