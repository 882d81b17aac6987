package io.elanus.querynode;

import io.elanus.common.model.CollectionSchema;
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
  static ShardRows fetch(ShardSnapshot snapshot, List<RowAddress> addresses, List<Long> fieldIds) {
    CollectionSchema schema = snapshot.schema();
    Field primaryKey = schema.primaryKey();
    List<Long> wanted = new ArrayList<>(fieldIds);
    if (!wanted.contains(primaryKey.id())) {
      wanted.add(primaryKey.id());
    }
    RowBatch rows = snapshot.fetch(addresses, wanted);
    List<FieldData> columns =
        fieldIds.stream()
            .map(schema::requireField)
            .map(field -> FieldDataCodec.encode(field, rows.column(field)))
            .toList();
    return new ShardRows(KeysCodec.encode(rows.keys(schema)), columns);
  }
}
