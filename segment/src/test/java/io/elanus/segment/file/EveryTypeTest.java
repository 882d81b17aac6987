package io.elanus.segment.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Columns;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DefaultValue;
import io.elanus.common.model.Field;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.RowBatch;
import io.elanus.segment.EveryType;
import io.elanus.segment.Samples;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.RowBlock;
import io.elanus.segment.column.RowGather;
import io.elanus.segment.tail.Tail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Values and nulls of every type, in the tail, in a segment, in a segment read in part, and for a stranger.
final class EveryTypeTest {
  private static final CollectionSchema SCHEMA = EveryType.SCHEMA;

  private static final Path GOLDEN =
      Path.of("src/test/resources/golden/segment-file-3-types.parquet");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 1000})
  void whatIsWrittenIsRead(int count) {
    RowBatch rows = EveryType.rows(count, new Random(count));
    Path file = folder.resolve("segment");

    SegmentEntry entry = Samples.write(file, Samples.segmentRows(SCHEMA, rows));

    assertSame(tail(SCHEMA, rows), rows);
    try (SegmentReader whole = SegmentReader.open(file, entry, SCHEMA);
        SegmentReader part = SegmentReader.openPart(entry, SCHEMA, source(file), (_, _) -> {})) {
      assertSame(whole, rows);
      SCHEMA.fields().forEach(field -> part.bring(field.id(), source(file)));
      assertSame(part, rows);
    }
  }

  @Test
  void theBytesAreThoseOfTheGoldenFile() throws IOException {
    Path file = folder.resolve("segment");

    Samples.write(file, Samples.segmentRows(SCHEMA, EveryType.rows(9, new Random(1))));

    if (Files.notExists(GOLDEN) && "write".equals(System.getProperty("elanus.golden"))) {
      Files.copy(file, GOLDEN);
    }
    assertThat(file).hasSameBinaryContentAs(GOLDEN);
  }

  @Test
  void rowsOfSeveralBlocksComeInTheOrderAsked() {
    List<RowBatch> batches =
        List.of(EveryType.rows(20, new Random(1)), EveryType.rows(30, new Random(2)));
    List<RowBlock> blocks = batches.stream().map(rows -> tail(SCHEMA, rows)).toList();
    int[] block = new Random(3).ints(100, 0, 2).toArray();
    int[] row = new Random(4).ints(100, 0, 20).toArray();

    for (Field field : SCHEMA.fields()) {
      List<ColumnView> views = blocks.stream().map(b -> b.column(field.id())).toList();
      List<Column> expected = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        expected.add(batches.get(block[i]).column(field).select(new int[] {row[i]}));
      }
      assertThat(new RowGather(field, views).gather(block, row))
          .as(field.name())
          .usingRecursiveComparison()
          .isEqualTo(Columns.concat(expected));
    }
  }

  @Test
  void rowsOlderThanAFieldHaveItsDefaultOrNull() {
    RowBatch old = new RowBatch(70, new TreeMap<>(Map.of(Samples.KEY, keys(70))));
    CollectionSchema before = new CollectionSchema("types", "", List.of(SCHEMA.primaryKey()), 1);
    Field seven = added(101, Optional.of(new DefaultValue.IntValue(7)));
    Field nothing = added(102, Optional.empty());
    CollectionSchema after =
        new CollectionSchema("types", "", List.of(SCHEMA.primaryKey(), seven, nothing), 2);
    Path file = folder.resolve("segment");
    SegmentEntry entry = Samples.write(file, Samples.segmentRows(before, old));

    try (SegmentReader whole = SegmentReader.open(file, entry, after);
        SegmentReader part = SegmentReader.openPart(entry, after, source(file), (_, _) -> {})) {
      for (RowBlock block : List.of(whole, part, tail(after, old))) {
        assertColumn(block, seven, Columns.absent(seven, 70));
        assertColumn(block, nothing, Columns.absent(nothing, 70));
      }
    }
  }

  private static Field added(long id, Optional<DefaultValue> defaultValue) {
    return new Field(
        id,
        "added" + id,
        "",
        DataType.INT64,
        false,
        false,
        false,
        false,
        true,
        defaultValue,
        Optional.empty(),
        Map.of());
  }

  private static Int64Column keys(int count) {
    return new Int64Column(IntStream.range(0, count).mapToLong(i -> i).toArray());
  }

  @Test
  void duckDbSeesNullsAsNullsAndListsAsLists() throws SQLException {
    RowBatch rows = EveryType.rows(500, new Random(5));
    Path file = folder.resolve("segment.parquet");
    Samples.write(file, Samples.segmentRows(SCHEMA, rows));

    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      for (Field field : SCHEMA.fields()) {
        Column column = rows.column(field);
        int nulls =
            column instanceof NullableColumn(Column values, boolean[] valid)
                ? valid.length - values.rowCount()
                : 0;
        String sql = "SELECT count(*), count(\"%s\") FROM '%s'".formatted(field.name(), file);
        try (ResultSet result = statement.executeQuery(sql)) {
          result.next();
          assertThat(result.getInt(1)).isEqualTo(500);
          assertThat(result.getInt(2)).as(field.name()).isEqualTo(500 - nulls);
        }
      }
      assertDuckDbSums(statement, file, rows, "int8_or_null", "sum(int8_or_null)");
      assertDuckDbSums(
          statement, file, rows, "array_of_int64_or_null", "sum(list_sum(array_of_int64_or_null))");
    }
  }

  private static void assertDuckDbSums(
      Statement statement, Path file, RowBatch rows, String name, String sum) throws SQLException {
    Column column = rows.column(SCHEMA.requireField(name));
    Column values = ((NullableColumn) column).values();
    long expected =
        switch (values) {
          case Column.Int32Column(int[] ints) -> IntStream.of(ints).sum();
          case ListColumn lists -> LongStream.of(((Int64Column) lists.elements()).values()).sum();
          default -> throw new IllegalArgumentException(name);
        };
    try (ResultSet result = statement.executeQuery("SELECT %s FROM '%s'".formatted(sum, file))) {
      result.next();
      assertThat(result.getLong(1)).isEqualTo(expected);
    }
  }

  private static RowBlock tail(CollectionSchema schema, RowBatch rows) {
    Tail tail = new Tail(schema, Checkpoint.start(Samples.position(0)));
    tail.apply(Samples.position(1), Samples.insert(Samples.header(1, 1), rows), 1);
    return tail.view().blocks().getFirst();
  }

  private static void assertSame(RowBlock block, RowBatch rows) {
    SCHEMA.fields().forEach(field -> assertColumn(block, field, rows.column(field)));
  }

  private static void assertColumn(RowBlock block, Field field, Column expected) {
    int[] all = IntStream.range(0, block.rowCount()).toArray();
    assertThat(block.column(field.id()).select(all))
        .as(field.name())
        .usingRecursiveComparison()
        .isEqualTo(expected);
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
}
