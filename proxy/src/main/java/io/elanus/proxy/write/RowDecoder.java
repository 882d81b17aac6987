package io.elanus.proxy.write;

import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Columns;
import io.elanus.common.model.Field;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.StructField;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.value.ClientValues;
import io.elanus.proxy.value.ZonedTimes;
import io.elanus.rpc.codec.FieldDataCodec;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Makes columns of what a client sent: one per field of the schema, all of the same length, every value
/// checked, and default values where there was none. The primary key may be missing where it is assigned.
final class RowDecoder {
  /// A request of a few bytes may ask for so many.
  static final int MAX_ROWS_WITHOUT_VALUES = 16_384;

  private final CollectionSchema schema;
  private final ZoneId zone;
  private final int rowCount;

  private RowDecoder(CollectionSchema schema, ZoneId zone, int rowCount) {
    this.schema = schema;
    this.zone = zone;
    this.rowCount = rowCount;
  }

  /// @param keyRequired whether a missing primary key is an error
  static SortedMap<Long, Column> decode(
      Collection collection, List<FieldData> data, int rowCount, boolean keyRequired) {
    ZoneId zone = ZonedTimes.zone(collection.properties());
    return decode(collection.schema(), zone, data, rowCount, keyRequired);
  }

  /// @param zone of times that do not say theirs
  static SortedMap<Long, Column> decode(
      CollectionSchema schema,
      ZoneId zone,
      List<FieldData> data,
      int rowCount,
      boolean keyRequired) {
    requireRows(rowCount);
    return new RowDecoder(schema, zone, rowCount).decode(data, keyRequired);
  }

  /// Only the columns that were given, all of whose values are checked.
  static SortedMap<Long, Column> decodeGiven(
      Collection collection, List<FieldData> data, int rowCount) {
    requireRows(rowCount);
    ZoneId zone = ZonedTimes.zone(collection.properties());
    return new RowDecoder(collection.schema(), zone, rowCount).decodeGiven(data);
  }

  private static void requireRows(int rowCount) {
    if (rowCount <= 0) {
      throw Invalid.mismatch("invalid num_rows", rowCount, "num_rows should be greater than 0");
    }
  }

  private SortedMap<Long, Column> decodeGiven(List<FieldData> data) {
    Map<String, FieldData> byName = byName(StructColumns.apart(schema, data));
    SortedMap<Long, Column> columns = new TreeMap<>();
    for (Field field : schema.fields()) {
      FieldData given = byName.remove(field.name());
      if (given != null) {
        columns.put(field.id(), decode(field, given));
      }
    }
    requireNoMore(byName.keySet(), data.size());
    StructColumns.checkLengths(schema, columns);
    return columns;
  }

  private SortedMap<Long, Column> decode(List<FieldData> data, boolean keyRequired) {
    Map<String, FieldData> byName = byName(StructColumns.apart(schema, data));
    StructColumns.requireGiven(schema, data);
    SortedMap<Long, Column> columns = new TreeMap<>();
    List<Field> absent = new ArrayList<>();
    for (Field field : schema.fields()) {
      FieldData given = byName.remove(field.name());
      if (given != null) {
        columns.put(field.id(), decode(field, given));
      } else if (field.dynamic() || field.optional()) {
        absent.add(field);
      } else if (keyRequired || !field.primaryKey()) {
        throw Invalid.parameter(
            "fieldSchema(%s) has no corresponding fieldData pass in", field.name());
      }
    }
    requireNoMore(byName.keySet(), data.size());
    requireFewWithoutValues(columns);
    StructColumns.checkLengths(schema, columns);
    absent.forEach(field -> columns.put(field.id(), absent(field)));
    return columns;
  }

  /// The number of rows is only what the request says, until a column has as many.
  private void requireFewWithoutValues(SortedMap<Long, Column> columns) {
    if (columns.isEmpty() && rowCount > MAX_ROWS_WITHOUT_VALUES) {
      throw Invalid.parameter(
          "%d rows without a value for any field, at most %d are allowed",
          rowCount, MAX_ROWS_WITHOUT_VALUES);
    }
  }

  private Column absent(Field field) {
    return field.dynamic() ? Columns.emptyObjects(rowCount) : Columns.absent(field, rowCount);
  }

  private static Map<String, FieldData> byName(List<FieldData> data) {
    Map<String, FieldData> byName = new HashMap<>();
    for (FieldData column : data) {
      String name = column.getIsDynamic() ? Field.DYNAMIC_NAME : column.getFieldName();
      if (byName.put(name, column) != null) {
        throw Invalid.parameter("duplicated field data of field %s", name);
      }
    }
    return byName;
  }

  private void requireNoMore(Set<String> names, int given) {
    if (names.isEmpty()) {
      return;
    }
    if (names.contains(Field.DYNAMIC_NAME)) {
      throw Invalid.parameter(
          "without dynamic schema enabled, the field name cannot be set to %s", Field.DYNAMIC_NAME);
    }
    throw Invalid.mismatch(
        schema.declaredFields().size(),
        given,
        "fieldName %s not exist in collection schema, more fieldData has pass in"
            .formatted(names.iterator().next()));
  }

  private Column decode(Field field, FieldData data) {
    Column column = FieldDataCodec.decode(field, ClientValues.received(field, data, zone));
    if (column.rowCount() != rowCount) {
      throw Invalid.mismatch(
          rowCount,
          column.rowCount(),
          "the num_rows (%d) of field (%s) is not equal to passed num_rows (%d)"
              .formatted(column.rowCount(), field.name(), rowCount));
    }
    ColumnCheck.check(field, column);
    if (field.dynamic() && column instanceof BytesColumn(byte[][] values)) {
      checkDynamic(values);
    }
    return field.defaultValue().isPresent() && column instanceof NullableColumn nullable
        ? Columns.withDefault(field, nullable)
        : column;
  }

  private void checkDynamic(byte[][] values) {
    for (byte[] value : values) {
      Set<String> keys =
          JsonText.keys(value)
              .orElseThrow(() ->
                  Invalid.parameter("invalid dynamic field data, only json map is supported"));
      if (keys.contains(Field.DYNAMIC_NAME)) {
        throw Invalid.parameter("cannot set json key to: %s", Field.DYNAMIC_NAME);
      }
      for (String name : declaredNames()) {
        if (keys.contains(name)) {
          throw Invalid.parameter(
              "dynamic field name cannot include the static field name: %s", name);
        }
      }
    }
  }

  private List<String> declaredNames() {
    return Stream.concat(
            schema.declaredFields().stream().map(Field::name),
            schema.structs().stream().map(StructField::name))
        .toList();
  }
}
