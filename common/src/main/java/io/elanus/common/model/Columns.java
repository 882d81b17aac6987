package io.elanus.common.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int32Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Columns put together, and columns made of nothing.
public final class Columns {
  private static final byte[] EMPTY_OBJECT = "{}".getBytes(UTF_8);

  private Columns() {}

  /// The rows of all `parts`, one after the other. With one nullable part the whole is nullable.
  ///
  /// @param parts at least one, all of the same form
  public static Column concat(List<? extends Column> parts) {
    if (parts.stream().anyMatch(NullableColumn.class::isInstance)) {
      return nullables(parts.stream().map(NullableColumn::allValid).toList());
    }
    return switch (parts.getFirst()) {
      case BoolColumn _ -> booleans(cast(parts, BoolColumn.class));
      case Int32Column _ ->
          new Int32Column(
              cast(parts, Int32Column.class).stream()
                  .flatMapToInt(part -> IntStream.of(part.values()))
                  .toArray());
      case Int64Column _ ->
          new Int64Column(
              cast(parts, Int64Column.class).stream()
                  .flatMapToLong(part -> Arrays.stream(part.values()))
                  .toArray());
      case FloatColumn _ ->
          new FloatColumn(
              floats(cast(parts, FloatColumn.class).stream().map(FloatColumn::values).toList()));
      case DoubleColumn _ ->
          new DoubleColumn(
              cast(parts, DoubleColumn.class).stream()
                  .flatMapToDouble(part -> DoubleStream.of(part.values()))
                  .toArray());
      case VarCharColumn _ ->
          new VarCharColumn(
              cast(parts, VarCharColumn.class).stream()
                  .flatMap(part -> Arrays.stream(part.values()))
                  .toArray(String[]::new));
      case BytesColumn _ ->
          new BytesColumn(
              cast(parts, BytesColumn.class).stream()
                  .flatMap(part -> Arrays.stream(part.values()))
                  .toArray(byte[][]::new));
      case FloatVectorColumn first ->
          new FloatVectorColumn(
              floats(
                  cast(parts, FloatVectorColumn.class).stream()
                      .map(FloatVectorColumn::values)
                      .toList()),
              first.dimension());
      case ByteVectorColumn first -> vectors(cast(parts, ByteVectorColumn.class), first.rowBytes());
      case ListColumn _ -> lists(cast(parts, ListColumn.class));
      case NullableColumn _ -> throw new IllegalStateException("handled before");
    };
  }

  private static <C extends Column> List<C> cast(List<? extends Column> parts, Class<C> type) {
    return parts.stream().map(type::cast).toList();
  }

  private static BoolColumn booleans(List<BoolColumn> parts) {
    return new BoolColumn(flags(parts.stream().map(BoolColumn::values).toList()));
  }

  private static boolean[] flags(List<boolean[]> parts) {
    boolean[] values = new boolean[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (boolean[] part : parts) {
      System.arraycopy(part, 0, values, at, part.length);
      at += part.length;
    }
    return values;
  }

  private static float[] floats(List<float[]> parts) {
    float[] values = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, values, at, part.length);
      at += part.length;
    }
    return values;
  }

  private static ByteVectorColumn vectors(List<ByteVectorColumn> parts, int rowBytes) {
    byte[] values = new byte[parts.stream().mapToInt(part -> part.values().length).sum()];
    int at = 0;
    for (ByteVectorColumn part : parts) {
      System.arraycopy(part.values(), 0, values, at, part.values().length);
      at += part.values().length;
    }
    return new ByteVectorColumn(values, rowBytes);
  }

  private static ListColumn lists(List<ListColumn> parts) {
    int[] starts = new int[1 + parts.stream().mapToInt(ListColumn::rowCount).sum()];
    int at = 0;
    for (ListColumn part : parts) {
      for (int row = 0; row < part.rowCount(); row++, at++) {
        starts[at + 1] = starts[at] + part.length(row);
      }
    }
    return new ListColumn(concat(parts.stream().map(ListColumn::elements).toList()), starts);
  }

  private static NullableColumn nullables(List<NullableColumn> parts) {
    return new NullableColumn(
        concat(parts.stream().map(NullableColumn::values).toList()),
        flags(parts.stream().map(NullableColumn::valid).toList()));
  }

  /// What `rowCount` rows have that came without the field: its default value, else null; an empty object in `$meta`.
  ///
  /// @throws IllegalArgumentException for a field that has to be given
  public static Column absent(Field field, int rowCount) {
    if (field.defaultValue().isPresent()) {
      Column values = repeated(field, field.defaultValue().get(), rowCount);
      return field.nullable() ? NullableColumn.allValid(values) : values;
    }
    if (field.dynamic() && !field.nullable()) {
      return emptyObjects(rowCount);
    }
    if (!field.nullable()) {
      throw new IllegalArgumentException("field '%s' has to be given".formatted(field.name()));
    }
    return new NullableColumn(noValues(field), new boolean[rowCount]);
  }

  /// What rows have in `$meta` that came without undeclared keys.
  public static BytesColumn emptyObjects(int rowCount) {
    byte[][] values = new byte[rowCount][];
    Arrays.fill(values, EMPTY_OBJECT);
    return new BytesColumn(values);
  }

  private static Column repeated(Field field, DefaultValue value, int rowCount) {
    return switch (value) {
      case DefaultValue.BoolValue(boolean one) -> {
        boolean[] values = new boolean[rowCount];
        Arrays.fill(values, one);
        yield new BoolColumn(values);
      }
      case DefaultValue.IntValue(long one) ->
          field.type().form() == ColumnForm.INT32
              ? new Int32Column(IntStream.generate(() -> (int) one).limit(rowCount).toArray())
              : new Int64Column(IntStream.range(0, rowCount).mapToLong(_ -> one).toArray());
      case DefaultValue.FloatValue(double one) ->
          field.type().form() == ColumnForm.FLOAT
              ? new FloatColumn(filled(rowCount, (float) one))
              : new DoubleColumn(DoubleStream.generate(() -> one).limit(rowCount).toArray());
      case DefaultValue.TextValue(String one) -> {
        String[] values = new String[rowCount];
        Arrays.fill(values, one);
        yield new VarCharColumn(values);
      }
    };
  }

  private static float[] filled(int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return values;
  }

  /// One row with nothing in it: zero, false, an empty text.
  public static Column zero(Field field) {
    return switch (field.type().form()) {
      case BOOL -> new BoolColumn(new boolean[1]);
      case INT32 -> new Int32Column(new int[1]);
      case INT64 -> new Int64Column(new long[1]);
      case FLOAT -> new FloatColumn(new float[1]);
      case DOUBLE -> new DoubleColumn(new double[1]);
      case TEXT -> new VarCharColumn(new String[] {""});
      case BYTES -> new BytesColumn(new byte[1][0]);
      case FLOAT_VECTOR -> new FloatVectorColumn(new float[field.dimension()], field.dimension());
      case BYTE_VECTOR -> new ByteVectorColumn(new byte[field.vectorBytes()], field.vectorBytes());
      case LIST -> new ListColumn(noValues(field.element()), new int[2]);
    };
  }

  /// `column` with the field's default value in the rows that have none.
  ///
  /// @param field has a default value
  public static Column withDefault(Field field, NullableColumn column) {
    Column values = concat(List.of(column.values(), valuesOf(absent(field, 1))));
    int[] ranks = column.ranks();
    int last = values.rowCount() - 1;
    Column filled =
        values.select(
            IntStream.range(0, ranks.length)
                .map(row -> column.valid()[row] ? ranks[row] : last)
                .toArray());
    return field.nullable() ? NullableColumn.allValid(filled) : filled;
  }

  private static Column valuesOf(Column column) {
    return column instanceof NullableColumn(Column values, _) ? values : column;
  }

  /// A column of the field without any row.
  public static Column empty(Field field) {
    Column values = noValues(field);
    return field.nullable() ? new NullableColumn(values, new boolean[0]) : values;
  }

  /// As [#empty], and never nullable: what lies in a column of the field none of whose rows has a value.
  public static Column noValues(Field field) {
    return switch (field.type().form()) {
      case BOOL -> new BoolColumn(new boolean[0]);
      case INT32 -> new Int32Column(new int[0]);
      case INT64 -> new Int64Column(new long[0]);
      case FLOAT -> new FloatColumn(new float[0]);
      case DOUBLE -> new DoubleColumn(new double[0]);
      case TEXT -> new VarCharColumn(new String[0]);
      case BYTES -> new BytesColumn(new byte[0][]);
      case FLOAT_VECTOR -> new FloatVectorColumn(new float[0], field.dimension());
      case BYTE_VECTOR -> new ByteVectorColumn(new byte[0], field.vectorBytes());
      case LIST -> new ListColumn(noValues(field.element()), new int[1]);
    };
  }
}
