package io.elanus.common.model;

import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.JsonColumn;
import io.elanus.common.model.Column.VarCharColumn;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/// Columns put together.
public final class Columns {
  private Columns() {}

  /// The rows of all `parts`, one after the other.
  ///
  /// @param parts at least one, all of the same type
  public static Column concat(List<? extends Column> parts) {
    return switch (parts.getFirst()) {
      case BoolColumn _ -> booleans(cast(parts, BoolColumn.class));
      case Int64Column _ ->
          new Int64Column(
              cast(parts, Int64Column.class).stream()
                  .flatMapToLong(part -> Arrays.stream(part.values()))
                  .toArray());
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
      case JsonColumn _ ->
          new JsonColumn(
              cast(parts, JsonColumn.class).stream()
                  .flatMap(part -> Arrays.stream(part.values()))
                  .toArray(byte[][]::new));
      case FloatVectorColumn first ->
          vectors(cast(parts, FloatVectorColumn.class), first.dimension());
    };
  }

  private static <C extends Column> List<C> cast(List<? extends Column> parts, Class<C> type) {
    return parts.stream().map(type::cast).toList();
  }

  private static BoolColumn booleans(List<BoolColumn> parts) {
    boolean[] values = new boolean[parts.stream().mapToInt(BoolColumn::rowCount).sum()];
    int at = 0;
    for (BoolColumn part : parts) {
      System.arraycopy(part.values(), 0, values, at, part.rowCount());
      at += part.rowCount();
    }
    return new BoolColumn(values);
  }

  private static FloatVectorColumn vectors(List<FloatVectorColumn> parts, int dimension) {
    float[] values = new float[parts.stream().mapToInt(part -> part.values().length).sum()];
    int at = 0;
    for (FloatVectorColumn part : parts) {
      System.arraycopy(part.values(), 0, values, at, part.values().length);
      at += part.values().length;
    }
    return new FloatVectorColumn(values, dimension);
  }
}
