package io.elanus.common.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.format.Damage;
import io.elanus.common.format.Format;
import io.elanus.common.format.GoldenFile;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int32Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DefaultValue;
import io.elanus.common.model.Field;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.ShardId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCodecTest {
  static final RecordHeader HEADER =
      new RecordHeader(
          new ShardId(new CollectionId(0x1122334455667788L), 3), -7, 42, 1, 1L << 60, 5, 0);
  private static final Field FIELD =
      new Field(
          107,
          "größe",
          "added later",
          DataType.ARRAY,
          false,
          false,
          false,
          false,
          true,
          Optional.of(new DefaultValue.TextValue("x")),
          Optional.of(DataType.INT8),
          Map.of("max_capacity", "7", "mmap.enabled", "true"));
  private static final RowBatch ROWS =
      rows(
          Map.of(
              100L, new Int64Column(new long[] {1, -2, Long.MAX_VALUE}),
              101L, new FloatVectorColumn(new float[] {1, 2, 3, -0.5f, 0.25f, 1e30f}, 2),
              102L, new VarCharColumn(new String[] {"a", "", "kite 😀"}),
              103L, new BoolColumn(new boolean[] {true, false, true}),
              104L, new DoubleColumn(new double[] {0.1, -0.0, Double.MAX_VALUE}),
              105L, new BytesColumn(new byte[][] {json("{}"), json("null"), json("{\"a\":1}")})));

  /// What records could not hold at first; the others are as they always were.
  private static final RowBatch FORMS =
      rows(
          Map.of(
              100L, new Int64Column(new long[] {1, 2, 3}),
              101L, new Int32Column(new int[] {1, -2, Integer.MAX_VALUE}),
              102L, new FloatColumn(new float[] {0.1f, -0f, Float.MAX_VALUE}),
              103L, new ByteVectorColumn(new byte[] {1, 2, 3, 4, 5, 6}, 2),
              104L,
                  new ListColumn(
                      new VarCharColumn(new String[] {"a", "b", "c"}), new int[] {0, 2, 2, 3}),
              105L,
                  new NullableColumn(
                      new DoubleColumn(new double[] {0.5, 1}), new boolean[] {true, false, true}),
              106L,
                  new NullableColumn(
                      new ListColumn(new Int32Column(new int[] {7, 8}), new int[] {0, 2}),
                      new boolean[] {false, true, false})));

  record Sample(String name, LogRecord record) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Sample> samples() {
    Int64Column keys = new Int64Column(new long[] {1, 2});
    VarCharColumn texts = new VarCharColumn(new String[] {"k1", "k2"});
    PartitionId partition = new PartitionId(9);
    return Stream.of(
        new Sample("insert", new LogRecord.Insert(HEADER, partition, ROWS)),
        new Sample("insert-forms", new LogRecord.Insert(HEADER, partition, FORMS)),
        new Sample("upsert", new LogRecord.Upsert(HEADER, partition, keys, ROWS)),
        new Sample(
            "delete", new LogRecord.Delete(HEADER, keys, Optional.empty(), Optional.empty())),
        new Sample(
            "delete-by-expression",
            new LogRecord.Delete(HEADER, texts, Optional.of(77L), Optional.of(partition))),
        new Sample("truncate", new LogRecord.Truncate(HEADER)),
        new Sample("drop-partition", new LogRecord.DropPartition(HEADER, partition)),
        new Sample("rename", new LogRecord.Rename(HEADER)),
        new Sample("import-commit", new LogRecord.ImportCommit(HEADER, 77)),
        new Sample("drop-collection", new LogRecord.DropCollection(HEADER)),
        new Sample("expire", new LogRecord.Expire(HEADER, 77_000)),
        new Sample(
            "partial-upsert",
            new LogRecord.Upsert(HEADER, partition, keys, ROWS, Optional.of(77_001L))),
        new Sample("add-field", new LogRecord.AddField(HEADER, FIELD)),
        new Sample("add-fields", new LogRecord.AddField(HEADER, List.of(FIELD, FIELD))),
        new Sample("mark", new LogRecord.Mark(HEADER, 1L << 60)),
        new Sample("barrier", new LogRecord.Barrier(HEADER)));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theGoldenFileIsWrittenAndRead(Sample sample) {
    byte[] bytes = RecordCodec.encode(sample.record());

    new GoldenFile("log-record-1-%s.bin".formatted(sample.name())).assertWrites(bytes);
    assertSame(RecordCodec.decode(bytes), sample.record());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void damageIsNoticed(Sample sample) {
    Damage.assertNoticed(RecordCodec.encode(sample.record()), RecordCodec::decode);
  }

  @Test
  void peekReadsTheHeaderOfAnyKindAndVersion() {
    byte[] bytes = RecordCodec.encode(new LogRecord.Barrier(HEADER));
    byte[] newer = resealed(bytes, 4, 2);
    byte[] unknown = resealed(bytes, 6, 99);

    assertThat(RecordCodec.peek(bytes)).isEqualTo(HEADER);
    assertThat(RecordCodec.peek(newer)).isEqualTo(HEADER);
    assertThat(RecordCodec.peek(unknown)).isEqualTo(HEADER);
    assertRefused(newer, "log record: version 2 is newer than this reader, which knows up to 1");
    assertRefused(unknown, "log record: at offset 64: unknown kind 99");
  }

  @Test
  void peekNoticesEveryDamageOfTheHeader() {
    byte[] bytes = RecordCodec.encode(new LogRecord.Barrier(HEADER));

    byte[] header = Arrays.copyOf(bytes, 64);

    Damage.assertFlipsNoticed(header, RecordCodec::peek);
    for (int length = 0; length < 64; length++) {
      Damage.assertCorrupt("cut to " + length, Arrays.copyOf(header, length), RecordCodec::peek);
    }
  }

  @Test
  void anAddedFieldComesBackWithItsDefault() {
    for (DefaultValue value :
        List.of(
            new DefaultValue.BoolValue(true),
            new DefaultValue.IntValue(-77),
            new DefaultValue.FloatValue(0.1),
            new DefaultValue.TextValue(""))) {
      Field field =
          new Field(
              101,
              "f",
              "",
              DataType.INT64,
              true,
              true,
              true,
              true,
              false,
              Optional.of(value),
              Optional.empty(),
              Map.of());
      LogRecord record = new LogRecord.AddField(HEADER, field);

      assertThat(RecordCodec.decode(RecordCodec.encode(record))).isEqualTo(record);
    }
  }

  @Test
  void randomRowsComeBack() {
    Random random = new Random(20251120);
    for (int round = 0; round < 200; round++) {
      LogRecord record = new LogRecord.Insert(HEADER, new PartitionId(round), randomRows(random));
      byte[] bytes = RecordCodec.encode(record);

      LogRecord decoded = RecordCodec.decode(bytes);
      assertSame(decoded, record);
      assertThat(RecordCodec.encode(decoded)).isEqualTo(bytes);
    }
  }

  @Test
  void randomBytesWithRightChecksumsThrowNothingElse() {
    Random random = new Random(20251121);
    byte[] bytes = RecordCodec.encode(new LogRecord.Insert(HEADER, new PartitionId(1), ROWS));
    for (int round = 0; round < 20_000; round++) {
      byte[] changed = bytes.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        changed[64 + random.nextInt(bytes.length - 68)] = (byte) random.nextInt();
      }
      try {
        RecordCodec.decode(resealed(changed, 64, changed[64]));
      } catch (DbException e) {
        assertThat(e).hasMessageStartingWith("log record: ");
      }
    }
  }

  private static RowBatch randomRows(Random random) {
    int rows = random.nextInt(20);
    Map<Long, Column> columns = new TreeMap<>();
    for (long id = 100; id < 100 + random.nextInt(12); id++) {
      columns.put(id, randomColumn(random, rows));
    }
    return new RowBatch(rows, new TreeMap<>(columns));
  }

  private static Column randomColumn(Random random, int rows) {
    if (random.nextInt(3) > 0) {
      return randomValues(random, rows);
    }
    boolean[] valid = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      valid[i] = random.nextBoolean();
    }
    return new NullableColumn(randomValues(random, NullableColumn.count(valid)), valid);
  }

  private static Column randomValues(Random random, int rows) {
    if (random.nextInt(6) > 0) {
      return randomScalars(random, rows);
    }
    int[] starts = new int[rows + 1];
    for (int i = 0; i < rows; i++) {
      starts[i + 1] = starts[i] + random.nextInt(4);
    }
    return new ListColumn(randomScalars(random, starts[rows]), starts);
  }

  private static Column randomScalars(Random random, int rows) {
    return switch (random.nextInt(9)) {
      case 6 -> new Int32Column(random.ints(rows).toArray());
      case 7 -> {
        float[] values = new float[rows];
        for (int i = 0; i < rows; i++) {
          values[i] = random.nextFloat();
        }
        yield new FloatColumn(values);
      }
      case 8 -> {
        int width = 1 + random.nextInt(9);
        byte[] values = new byte[rows * width];
        random.nextBytes(values);
        yield new ByteVectorColumn(values, width);
      }
      case 0 -> new Int64Column(random.longs(rows).toArray());
      case 1 -> new DoubleColumn(random.doubles(rows).toArray());
      case 2 -> new VarCharColumn(texts(random, rows).toArray(String[]::new));
      case 3 ->
          new BytesColumn(texts(random, rows).map(RecordCodecTest::json).toArray(byte[][]::new));
      case 4 -> {
        int dimension = 1 + random.nextInt(9);
        float[] values = new float[rows * dimension];
        for (int i = 0; i < values.length; i++) {
          values[i] = random.nextFloat();
        }
        yield new FloatVectorColumn(values, dimension);
      }
      default -> {
        boolean[] values = new boolean[rows];
        for (int i = 0; i < rows; i++) {
          values[i] = random.nextBoolean();
        }
        yield new BoolColumn(values);
      }
    };
  }

  private static Stream<String> texts(Random random, int rows) {
    return Stream.generate(() -> "ä漢😀x".repeat(random.nextInt(4)) + random.nextInt()).limit(rows);
  }

  private static RowBatch rows(Map<Long, Column> columns) {
    return new RowBatch(3, new TreeMap<>(columns));
  }

  private static byte[] json(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// `bytes` with another value at `offset` and both checksums made right again.
  private static byte[] resealed(byte[] bytes, int offset, int value) {
    byte[] changed = bytes.clone();
    changed[offset] = (byte) value;
    ByteBuffer buffer = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(60, Format.crc32c(changed, 0, 60));
    buffer.putInt(changed.length - 4, Format.crc32c(changed, 0, changed.length - 4));
    return changed;
  }

  private static void assertSame(LogRecord actual, LogRecord expected) {
    assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
  }

  private static void assertRefused(byte[] bytes, String message) {
    assertThatThrownBy(() -> RecordCodec.decode(bytes))
        .isInstanceOf(DbException.class)
        .hasMessage(message);
  }
}
