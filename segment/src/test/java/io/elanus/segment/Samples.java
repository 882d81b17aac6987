package io.elanus.segment;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.wal.Position;
import io.elanus.segment.file.SegmentRows;
import io.elanus.segment.file.SegmentWriter;
import io.elanus.segment.tail.Tail;
import io.elanus.segment.tail.TailCut;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// A collection with a field of every type, and random rows for it.
public final class Samples {
  public static final long KEY = 100;
  public static final long FLAG = 101;
  public static final long COUNT = 102;
  public static final long RATIO = 103;
  public static final long NAME = 104;
  public static final long VECTOR = 105;
  public static final long META = 106;
  public static final ShardId SHARD = new ShardId(new CollectionId(7), 0);
  public static final PartitionId PARTITION = new PartitionId(1);
  private static final String[] NAMES = {
    "", "a", "ab", "abc", "b%c", "b_c", "grün", "\uD83D\uDE00 smile", "\uFFFDend", "zebra"
  };

  private Samples() {}

  public static CollectionSchema schema(DataType keyType, int dimension) {
    return new CollectionSchema(
        "samples",
        "",
        List.of(
            field(KEY, "id", keyType, Map.of("max_length", "64")),
            field(FLAG, "flag", DataType.BOOL, Map.of()),
            field(COUNT, "count", DataType.INT64, Map.of()),
            field(RATIO, "ratio", DataType.DOUBLE, Map.of()),
            field(NAME, "name", DataType.VARCHAR, Map.of("max_length", "64")),
            field(
                VECTOR,
                "vector",
                DataType.FLOAT_VECTOR,
                Map.of("dim", Integer.toString(dimension))),
            field(META, Field.DYNAMIC_NAME, DataType.JSON, Map.of())),
        1);
  }

  private static Field field(long id, String name, DataType type, Map<String, String> params) {
    boolean dynamic = name.equals(Field.DYNAMIC_NAME);
    return new Field(id, name, "", type, id == KEY, false, false, dynamic, params);
  }

  /// A field of a collection of a test's own; the one with the id [#KEY] is its key.
  public static Field field(
      long id, String name, DataType type, boolean nullable, Map<String, String> params) {
    return new Field(
        id,
        name,
        "",
        type,
        id == KEY,
        false,
        false,
        false,
        nullable,
        Optional.empty(),
        Optional.empty(),
        params);
  }

  /// Rows with these keys and otherwise random values. Vectors hold few different values, so that
  /// scores are often equal.
  public static RowBatch rows(CollectionSchema schema, KeyColumn keys, RandomGenerator random) {
    int count = keys.rowCount();
    SortedMap<Long, Column> columns = new TreeMap<>();
    columns.put(KEY, keys);
    boolean[] flags = new boolean[count];
    double[] ratios = new double[count];
    String[] names = new String[count];
    byte[][] metas = new byte[count][];
    for (int i = 0; i < count; i++) {
      flags[i] = random.nextBoolean();
      ratios[i] = random.nextInt(5) == 0 ? 3.0 : random.nextDouble(-10, 10);
      names[i] = NAMES[random.nextInt(NAMES.length)];
      metas[i] = meta(random).getBytes(StandardCharsets.UTF_8);
    }
    columns.put(FLAG, new BoolColumn(flags));
    columns.put(COUNT, new Int64Column(random.longs(count, -20, 20).toArray()));
    columns.put(RATIO, new DoubleColumn(ratios));
    columns.put(NAME, new VarCharColumn(names));
    columns.put(META, new BytesColumn(metas));
    int dimension = schema.requireField(VECTOR).dimension();
    float[] vectors = new float[count * dimension];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = random.nextInt(-3, 4);
    }
    columns.put(VECTOR, new FloatVectorColumn(vectors, dimension));
    return new RowBatch(count, columns);
  }

  /// As [#rows], with random values of integer fields that were added, each of which may be missing.
  public static RowBatch rowsWithAdded(
      CollectionSchema schema, KeyColumn keys, RandomGenerator random) {
    RowBatch rows = rows(schema, keys, random);
    SortedMap<Long, Column> columns = new TreeMap<>(rows.columns());
    schema.fields().stream()
        .filter(field -> field.id() > META && random.nextInt(4) > 0)
        .forEach(field -> columns.put(field.id(), integers(field, keys.rowCount(), random)));
    return new RowBatch(rows.rowCount(), columns);
  }

  private static Column integers(Field field, int count, RandomGenerator random) {
    boolean[] valid = new boolean[count];
    for (int i = 0; i < count; i++) {
      valid[i] = !field.nullable() || random.nextInt(3) > 0;
    }
    Column values = new Int64Column(random.longs(NullableColumn.count(valid), -20, 20).toArray());
    return field.nullable() ? new NullableColumn(values, valid) : values;
  }

  /// The values of a column of integers.
  public static List<Optional<Long>> longs(Column column) {
    List<Optional<Long>> longs = new ArrayList<>();
    NullableColumn nullable = NullableColumn.allValid(column);
    int[] ranks = nullable.ranks();
    for (int row = 0; row < column.rowCount(); row++) {
      long[] values = ((Int64Column) nullable.values()).values();
      longs.add(nullable.valid()[row] ? Optional.of(values[ranks[row]]) : Optional.empty());
    }
    return longs;
  }

  private static String meta(RandomGenerator random) {
    return switch (random.nextInt(6)) {
      case 0 -> "{}";
      case 1 -> "{\"color\": \"red\", \"n\": %d}".formatted(random.nextInt(10));
      case 2 -> "{\"n\": %s}".formatted(random.nextInt(10) + 0.5);
      case 3 -> "{\"n\": \"text\", \"tags\": [1, \"two\", {\"x\": true}]}";
      case 4 -> "{\"n\": null, \"deep\": {\"n\": %d}}".formatted(random.nextInt(10));
      default -> "{\"color\": \"blue\", \"tags\": [%d, 2]}".formatted(random.nextInt(3));
    };
  }

  public static KeyColumn keys(CollectionSchema schema, int... numbers) {
    return schema.primaryKey().type() == DataType.INT64
        ? new Int64Column(IntStream.of(numbers).mapToLong(n -> n).toArray())
        : new VarCharColumn(IntStream.of(numbers).mapToObj(Samples::text).toArray(String[]::new));
  }

  /// The column of a field, which is of class `type`.
  public static <T extends Column> T column(RowBatch batch, long fieldId, Class<T> type) {
    return type.cast(Objects.requireNonNull(batch.columns().get(fieldId)));
  }

  public static Key key(CollectionSchema schema, int number) {
    return keys(schema, number).key(0);
  }

  private static String text(int number) {
    return "k%s%d".formatted(number % 3 == 0 ? "é" : "", number);
  }

  public static RecordHeader header(long sequence, long timestamp) {
    return new RecordHeader(SHARD, 1, sequence, 0, timestamp, 1, 0);
  }

  public static LogRecord insert(RecordHeader header, RowBatch rows) {
    return new LogRecord.Insert(header, PARTITION, rows);
  }

  public static Position position(long offset) {
    return new Position(11, offset);
  }

  /// The rows of a tail that took `batches`, one record each, in the order of a segment.
  public static SegmentRows segmentRows(CollectionSchema schema, RowBatch... batches) {
    Tail tail = new Tail(schema, Checkpoint.start(position(0)));
    for (int i = 0; i < batches.length; i++) {
      tail.apply(position(i + 1), insert(header(i + 1, 1000 + i), batches[i]), 5000 + i);
    }
    return TailCut.of(tail.view(), 0).partitions().getFirst().rows();
  }

  public static SegmentEntry write(Path file, SegmentRows rows) {
    SegmentId id = new SegmentId(42);
    return SegmentWriter.write(file, rows)
        .toEntry(id, PARTITION, ObjectLayout.segment(SHARD, id), 0);
  }
}
