package io.elanus.proxy.write;

import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Columns;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.rpc.codec.FieldDataCodec;
import io.elanus.rpc.codec.KeysCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Rows as they were when a partial upsert read them.
///
/// @param places of keys that were found, in the columns
/// @param columns by field id, of the fields that were read
/// @param versions that each shard was read at
record StoredRows(Map<Key, Integer> places, Map<Long, Column> columns, List<Long> versions) {
  /// @param fieldIds in the order the answers have them
  /// @param answers of all shards, in their order
  static StoredRows of(
      CollectionSchema schema, List<Long> fieldIds, List<QueryShardResponse> answers) {
    Map<Key, Integer> places = new HashMap<>();
    for (QueryShardResponse answer : answers) {
      KeyColumn keys = KeysCodec.decode(schema.primaryKey(), answer.getKeys());
      for (int row = 0; row < keys.rowCount(); row++) {
        places.put(keys.key(row), places.size());
      }
    }
    Map<Long, Column> columns = new TreeMap<>();
    for (int i = 0; i < fieldIds.size(); i++) {
      int at = i;
      Field field = schema.requireField(fieldIds.get(i));
      List<Column> parts = new ArrayList<>(List.of(Columns.empty(field)));
      answers.stream()
          .filter(answer -> answer.getRowCount() > 0)
          .forEach(answer -> parts.add(FieldDataCodec.decode(field, answer.getColumns(at))));
      columns.put(field.id(), Columns.concat(parts));
    }
    return new StoredRows(
        places, columns, answers.stream().map(QueryShardResponse::getReadVersion).toList());
  }
}
