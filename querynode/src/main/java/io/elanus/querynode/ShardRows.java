package io.elanus.querynode;

import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Columns;
import io.elanus.common.model.Field;
import io.elanus.common.model.RowBatch;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.IDs;
import io.elanus.rpc.codec.FieldDataCodec;
import io.elanus.rpc.codec.KeysCodec;
import io.elanus.segment.shard.RowAddress;
import io.elanus.segment.shard.ShardSnapshot;
import java.util.ArrayList;
import java.util.List;

/// Rows on their way out: their keys, and the columns that were asked for, in that order.
record ShardRows(IDs keys, List<FieldData> columns) {
  /// @throws io.elanus.common.error.DbException `PARAMETER_TOO_LARGE` when they are more than an answer may have
  static ShardRows fetch(
      ShardSnapshot snapshot, List<RowAddress> addresses, List<Long> fieldIds, HeapShare heap) {
    CollectionSchema schema = snapshot.schema();
    Field primaryKey = schema.primaryKey();
    List<Long> wanted = new ArrayList<>(fieldIds);
    if (!wanted.contains(primaryKey.id())) {
      wanted.add(primaryKey.id());
    }
    RowBatch rows = snapshot.fetch(addresses, wanted, bytes -> AnswerBytes.take(heap, bytes));
    List<FieldData> columns =
        fieldIds.stream()
            .map(schema::requireField)
            .map(field -> FieldDataCodec.encode(field, rows.column(field)))
            .toList();
    return new ShardRows(KeysCodec.encode(rows.keys(schema)), columns);
  }

  /// The keys of all parts' rows, part after part.
  static KeyColumn keys(CollectionSchema schema, List<IDs> parts) {
    Field primaryKey = schema.primaryKey();
    List<KeyColumn> columns = parts.stream().map(ids -> KeysCodec.decode(primaryKey, ids)).toList();
    return (KeyColumn) Columns.concat(columns);
  }

  /// Some rows of several parts.
  ///
  /// @param keys of all rows of all parts, part after part
  /// @param columns of each part: one per field of `fieldIds`, in that order
  /// @param rows which of them are kept, in the order of the answer
  static ShardRows select(
      CollectionSchema schema,
      KeyColumn keys,
      List<List<FieldData>> columns,
      List<Long> fieldIds,
      int[] rows) {
    List<FieldData> selected = new ArrayList<>();
    for (int i = 0; i < fieldIds.size(); i++) {
      int at = i;
      Field field = schema.requireField(fieldIds.get(i));
      List<Column> parts =
          columns.stream().map(part -> FieldDataCodec.decode(field, part.get(at))).toList();
      selected.add(FieldDataCodec.encode(field, Columns.concat(parts).select(rows)));
    }
    return new ShardRows(KeysCodec.encode(keys.select(rows)), selected);
  }
}
