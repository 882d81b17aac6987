package io.elanus.proxy.write;

import io.elanus.common.model.Collection;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Field;
import io.elanus.common.model.KeyHash;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.proxy.catalog.Partitions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Which partition each row of a request goes to: all to the one that is named, or each by its partition key.
///
/// @param ids of the partitions that rows may go to
/// @param ofRow index in `ids` for each row
record RowPartitions(List<PartitionId> ids, int[] ofRow) {
  /// @param name given by the client; empty for none
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for a name where there is a partition key,
  ///     `PARTITION_NOT_FOUND`
  static RowPartitions of(Collection collection, String name, RowBatch rows) {
    Optional<Field> key = collection.schema().partitionKey();
    if (key.isEmpty() || !name.isEmpty()) {
      return new RowPartitions(List.of(Partitions.one(collection, name)), new int[rows.rowCount()]);
    }
    List<PartitionId> ids = collection.partitions().stream().map(Partition::id).toList();
    KeyColumn keys = (KeyColumn) rows.column(key.get());
    int[] ofRow = new int[rows.rowCount()];
    Arrays.setAll(ofRow, row -> KeyHash.partition(keys.key(row), ids.size()));
    return new RowPartitions(ids, ofRow);
  }

  /// One number for each shard and partition together, so that rows that differ in either make two records.
  int[] groups(int[] shards) {
    int[] groups = new int[shards.length];
    Arrays.setAll(groups, row -> shards[row] * ids.size() + ofRow[row]);
    return groups;
  }

  int shard(int group) {
    return group / ids.size();
  }

  PartitionId partition(int group) {
    return ids.get(group % ids.size());
  }
}
