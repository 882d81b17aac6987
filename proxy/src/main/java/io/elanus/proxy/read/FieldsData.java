package io.elanus.proxy.read;

import io.elanus.common.model.Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Columns;
import io.elanus.common.model.Field;
import io.elanus.common.model.StructField;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proxy.value.ClientValues;
import io.elanus.proxy.value.TimeForm;
import io.elanus.rpc.codec.FieldDataCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The columns of an answer, put together from what the shards sent.
final class FieldsData {
  private FieldsData() {}

  /// @param keys of all rows of all shards, shard after shard
  /// @param columns of each shard: one per fetched field, in their order
  /// @param rows which of them are returned, in the order of the answer
  static List<FieldData> select(
      OutputFields output,
      TimeForm times,
      KeyColumn keys,
      List<List<FieldData>> columns,
      int[] rows) {
    List<Long> fetched = output.fetched();
    List<FieldData> flat =
        output.fields().stream()
            .map(field -> {
              Column all =
                  field.primaryKey() ? keys : concat(field, fetched.indexOf(field.id()), columns);
              Column selected = all.select(rows);
              FieldData data =
                  FieldDataCodec.encode(
                      field,
                      field.dynamic()
                          ? DynamicKeys.keep(output.dynamicKeys(), selected)
                          : selected);
              return ClientValues.returned(field, data, times);
            })
            .toList();
    return together(output, flat);
  }

  /// With structs in the place of their sub-fields: of those that were asked for.
  private static List<FieldData> together(OutputFields output, List<FieldData> flat) {
    if (output.structs().isEmpty()) {
      return flat;
    }
    Map<String, FieldData.Builder> columns = new LinkedHashMap<>();
    for (int i = 0; i < flat.size(); i++) {
      Field field = output.fields().get(i);
      FieldData data = flat.get(i);
      output.structs().stream()
          .filter(struct -> struct.holds(field))
          .findFirst()
          .ifPresentOrElse(
              struct ->
                  columns
                      .computeIfAbsent(struct.name(), _ -> empty(struct))
                      .getStructArraysBuilder()
                      .addFields(data.toBuilder().setFieldName(struct.shortName(field))),
              () -> columns.put(field.name(), data.toBuilder()));
    }
    return columns.values().stream().map(FieldData.Builder::build).toList();
  }

  private static FieldData.Builder empty(StructField struct) {
    return FieldData.newBuilder()
        .setType(DataType.ArrayOfStruct)
        .setFieldName(struct.name())
        .setFieldId(struct.id());
  }

  private static Column concat(Field field, int index, List<List<FieldData>> columns) {
    return Columns.concat(
        columns.stream().map(shard -> FieldDataCodec.decode(field, shard.get(index))).toList());
  }
}
