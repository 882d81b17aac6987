package io.elanus.segment;

import io.elanus.common.model.CollectionSchema;
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
import io.elanus.common.model.Field;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.RowBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A collection with a field of every type there is, once with a value in every row and once with nulls, and
/// arrays of every type of element; and random rows for it.
public final class EveryType {
  public static final CollectionSchema SCHEMA = schema();

  private EveryType() {}

  private static CollectionSchema schema() {
    List<Field> fields = new ArrayList<>();
    fields.add(
        new Field(Samples.KEY, "id", "", DataType.INT64, true, false, false, false, Map.of()));
    for (DataType type : DataType.values()) {
      switch (type) {
        case ARRAY -> elements().forEach(element -> addBoth(fields, type, Optional.of(element)));
        case ARRAY_OF_VECTOR ->
            Stream.of(DataType.FLOAT_VECTOR, DataType.INT8_VECTOR)
                .forEach(element -> addBoth(fields, type, Optional.of(element)));
        default -> addBoth(fields, type, Optional.empty());
      }
    }
    return new CollectionSchema("types", "", fields, 1);
  }

  private static Stream<DataType> elements() {
    return Stream.of(
        DataType.BOOL,
        DataType.INT8,
        DataType.INT16,
        DataType.INT32,
        DataType.INT64,
        DataType.FLOAT,
        DataType.DOUBLE,
        DataType.VARCHAR);
  }

  private static void addBoth(List<Field> fields, DataType type, Optional<DataType> element) {
    String name =
        type.name().toLowerCase(Locale.ROOT)
            + element.map(e -> "_of_" + e.name().toLowerCase(Locale.ROOT)).orElse("");
    for (boolean nullable : new boolean[] {false, true}) {
      fields.add(
          new Field(
              Field.FIRST_ID + fields.size(),
              nullable ? name + "_or_null" : name,
              "",
              type,
              false,
              false,
              false,
              false,
              nullable,
              Optional.empty(),
              element,
              Map.of("dim", "16", "max_length", "20", "max_capacity", "5")));
    }
  }

  /// Rows with the keys 0, 1, 2...
  public static RowBatch rows(int count, RandomGenerator random) {
    SortedMap<Long, Column> columns = new TreeMap<>();
    for (Field field : SCHEMA.fields()) {
      columns.put(
          field.id(),
          field.primaryKey()
              ? new Int64Column(IntStream.range(0, count).mapToLong(i -> i).toArray())
              : column(field, count, random));
    }
    return new RowBatch(count, columns);
  }

  public static Column column(Field field, int count, RandomGenerator random) {
    if (!field.nullable()) {
      return values(field, count, random);
    }
    boolean[] valid = new boolean[count];
    int oneIn = 1 + random.nextInt(4);
    for (int row = 0; row < count; row++) {
      valid[row] = random.nextInt(oneIn) == 0;
    }
    return new NullableColumn(values(field, NullableColumn.count(valid), random), valid);
  }

  private static Column values(Field field, int count, RandomGenerator random) {
    return switch (field.type().form()) {
      case BOOL -> {
        boolean[] values = new boolean[count];
        IntStream.range(0, count).forEach(i -> values[i] = random.nextBoolean());
        yield new BoolColumn(values);
      }
      case INT32 -> new Int32Column(random.ints(count, -5, 6).toArray());
      case INT64 -> new Int64Column(random.longs(count, -5, 6).toArray());
      case FLOAT -> {
        float[] values = new float[count];
        IntStream.range(0, count).forEach(i -> values[i] = random.nextInt(-5, 6) / 2f);
        yield new FloatColumn(values);
      }
      case DOUBLE ->
          new DoubleColumn(random.ints(count, -5, 6).mapToDouble(i -> i / 2.0).toArray());
      case TEXT ->
          new VarCharColumn(random.ints(count, 0, 9).mapToObj("é"::repeat).toArray(String[]::new));
      case BYTES ->
          new BytesColumn(
              random
                  .ints(count, 0, 9)
                  .mapToObj(i -> "[%d]".formatted(i).getBytes(StandardCharsets.UTF_8))
                  .toArray(byte[][]::new));
      case FLOAT_VECTOR -> {
        float[] values = new float[count * field.dimension()];
        IntStream.range(0, values.length).forEach(i -> values[i] = random.nextInt(-5, 6));
        yield new FloatVectorColumn(values, field.dimension());
      }
      case BYTE_VECTOR -> {
        byte[] values = new byte[count * field.vectorBytes()];
        random.nextBytes(values);
        yield new ByteVectorColumn(values, field.vectorBytes());
      }
      case LIST -> {
        int[] starts = new int[count + 1];
        for (int row = 0; row < count; row++) {
          starts[row + 1] = starts[row] + random.nextInt(field.maxCapacity() + 1);
        }
        yield new ListColumn(values(field.element(), starts[count], random), starts);
      }
    };
  }
}
