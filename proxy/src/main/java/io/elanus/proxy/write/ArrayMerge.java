package io.elanus.proxy.write;

import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Columns;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.StructField;
import io.elanus.proto.milvus.FieldPartialUpdateOp;
import io.elanus.proto.milvus.FieldPartialUpdateOp.OpType;
import io.elanus.proxy.Invalid;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Arrays that a partial upsert adds to, or takes from.
///
/// ```
/// stored  1 [a b a]    given  1 [a c]    ARRAY_APPEND  1 [a b a a c]    ARRAY_REMOVE  1 [b]
///         2 null              2 [a]                    2 [a]                          2 []
/// ```
/// Where nothing is given the array stays as it is; a row that is not there begins with an empty one.
final class ArrayMerge {
  private ArrayMerge() {}

  /// By field id; those that replace are left out.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for a field that is no array, or not given
  static Map<Long, OpType> ops(
      CollectionSchema schema, Set<Long> given, List<FieldPartialUpdateOp> requested) {
    Map<Long, OpType> ops = new HashMap<>();
    Set<String> named = new HashSet<>();
    for (FieldPartialUpdateOp op : requested) {
      String name = op.getFieldName();
      if (schema.structs().stream().anyMatch(struct -> isOf(struct, name))) {
        requireReplaced(op);
        continue;
      }
      Field field =
          schema.fields().stream()
              .filter(f -> f.name().equals(name) && given.contains(f.id()))
              .findFirst()
              .orElseThrow(() ->
                  Invalid.parameter(
                      "field op %s names field %s, which is not given", op.getOp(), name));
      if (!named.add(name)) {
        throw Invalid.parameter("field %s has two field ops", name);
      }
      switch (op.getOp()) {
        case REPLACE -> {}
        case ARRAY_APPEND, ARRAY_REMOVE -> {
          if (field.type() != DataType.ARRAY) {
            throw Invalid.parameter(
                "field op %s is for arrays, field %s is none", op.getOp(), name);
          }
          ops.put(field.id(), op.getOp());
        }
        case UNRECOGNIZED -> throw Invalid.parameter("unknown field op of field %s", name);
      }
    }
    return ops;
  }

  private static boolean isOf(StructField struct, String name) {
    return name.equals(struct.name()) || name.startsWith(struct.name() + "[");
  }

  /// A struct is replaced as a whole: its sub-fields keep lists of one length.
  private static void requireReplaced(FieldPartialUpdateOp op) {
    if (op.getOp() != OpType.REPLACE) {
      throw Invalid.parameter(
          "field op %s is for arrays, field %s is of a struct array field",
          op.getOp(), op.getFieldName());
    }
  }

  /// @param places of the rows in `stored`; negative for those that are not there
  static Column merge(Field field, OpType op, Column given, Column stored, int[] places) {
    Lists before = Lists.of(stored);
    Lists change = Lists.of(given);
    Column elements = Columns.concat(List.of(before.lists().elements(), change.lists().elements()));
    int offset = before.lists().elements().rowCount();
    boolean[] valid = new boolean[places.length];
    int[] starts = new int[places.length + 1];
    int count = 0;
    IntStream.Builder chosen = IntStream.builder();
    int size = 0;
    for (int row = 0; row < places.length; row++) {
      valid[row] = before.has(places[row]) || change.has(row);
      if (!valid[row]) {
        continue;
      }
      int[] old = before.range(places[row]);
      int[] more = IntStream.of(change.range(row)).map(i -> offset + i).toArray();
      int[] merged =
          op == OpType.ARRAY_APPEND
              ? IntStream.concat(IntStream.of(old), IntStream.of(more)).toArray()
              : without(elements, old, more);
      IntStream.of(merged).forEach(chosen::add);
      size += merged.length;
      starts[++count] = size;
    }
    ListColumn lists =
        new ListColumn(elements.select(chosen.build().toArray()), Arrays.copyOf(starts, count + 1));
    Column merged = field.nullable() ? new NullableColumn(lists, valid) : lists;
    ColumnCheck.check(field, merged);
    return merged;
  }

  /// Every occurrence goes.
  private static int[] without(Column elements, int[] old, int[] removed) {
    Set<Object> values = new HashSet<>();
    IntStream.of(removed).forEach(i -> values.add(value(elements, i)));
    return IntStream.of(old).filter(i -> !values.contains(value(elements, i))).toArray();
  }

  private static Object value(Column elements, int i) {
    return switch (elements) {
      case Column.BoolColumn(boolean[] values) -> values[i];
      case Column.Int32Column(int[] values) -> values[i];
      case Column.Int64Column(long[] values) -> values[i];
      case Column.FloatColumn(float[] values) -> values[i];
      case Column.DoubleColumn(double[] values) -> values[i];
      case Column.VarCharColumn(String[] values) -> values[i];
      default -> throw new IllegalArgumentException("no elements of " + elements.form());
    };
  }

  /// @param ranks which list each valid row has
  private record Lists(ListColumn lists, boolean[] valid, int[] ranks) {
    static Lists of(Column column) {
      NullableColumn nullable = NullableColumn.allValid(column);
      return new Lists((ListColumn) nullable.values(), nullable.valid(), nullable.ranks());
    }

    boolean has(int row) {
      return row >= 0 && valid[row];
    }

    /// Which elements the row has.
    int[] range(int row) {
      return has(row)
          ? IntStream.range(lists.starts()[ranks[row]], lists.starts()[ranks[row] + 1]).toArray()
          : new int[0];
    }
  }
}
