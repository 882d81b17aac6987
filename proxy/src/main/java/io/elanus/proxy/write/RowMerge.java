package io.elanus.proxy.write;

import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Columns;
import io.elanus.common.model.Field;
import io.elanus.common.model.RowBatch;
import io.elanus.proto.milvus.FieldPartialUpdateOp.OpType;
import io.elanus.proxy.Invalid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a partial upsert makes of rows: fields that are given have the new value, the others keep theirs. A row that
/// is not there is an insert.
///
/// ```
/// stored  1 a x      given  1 b       merged  1 b x
///         2 a y             3 b               3 b (absent; an error where there is no such thing)
/// ```
/// Arrays may be added to and taken from ([ArrayMerge]). Undeclared keys count one by one: those that are given replace or join those that are there.
final class RowMerge {
  private RowMerge() {}

  /// @param given some columns of the rows, the keys among them
  /// @param ops of fields that are neither kept nor replaced
  /// @return all columns of the rows
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for a row that is not there, and lacks a field
  static SortedMap<Long, Column> merge(
      CollectionSchema schema, RowBatch given, Map<Long, OpType> ops, StoredRows stored) {
    KeyColumn keys = given.keys(schema);
    int[] places = new int[given.rowCount()];
    for (int row = 0; row < places.length; row++) {
      places[row] = stored.places().getOrDefault(keys.key(row), -1);
    }
    SortedMap<Long, Column> merged = new TreeMap<>();
    for (Field field : schema.fields()) {
      Column column = given.columns().get(field.id());
      OpType op = ops.get(field.id());
      if (column != null && op != null) {
        merged.put(field.id(), ArrayMerge.merge(field, op, column, before(stored, field), places));
      } else if (column == null) {
        merged.put(field.id(), kept(field, stored, places));
      } else if (field.dynamic() && column instanceof BytesColumn(byte[][] objects)) {
        merged.put(field.id(), joined(objects, stored, field, places));
      } else {
        merged.put(field.id(), column);
      }
    }
    return merged;
  }

  private static Column before(StoredRows stored, Field field) {
    return Objects.requireNonNull(stored.columns().get(field.id()));
  }

  private static Column kept(Field field, StoredRows stored, int[] places) {
    Column column = before(stored, field);
    int absent = column.rowCount();
    int[] rows = new int[places.length];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = places[row] < 0 ? absent : places[row];
    }
    if (!field.maybeYounger()) {
      requireAllFound(field, places);
      return column.select(rows);
    }
    List<Column> parts = new ArrayList<>(List.of(column, Columns.absent(field, 1)));
    return Columns.concat(parts).select(rows);
  }

  private static void requireAllFound(Field field, int[] places) {
    for (int place : places) {
      if (place < 0) {
        throw Invalid.parameter(
            "fieldSchema(%s) has no corresponding fieldData pass in", field.name());
      }
    }
  }

  private static Column joined(byte[][] objects, StoredRows stored, Field field, int[] places) {
    BytesColumn before = (BytesColumn) before(stored, field);
    byte[][] joined = new byte[objects.length][];
    for (int row = 0; row < objects.length; row++) {
      joined[row] =
          places[row] < 0
              ? objects[row]
              : JsonText.joined(before.values()[places[row]], objects[row]);
    }
    return new BytesColumn(joined);
  }
}
