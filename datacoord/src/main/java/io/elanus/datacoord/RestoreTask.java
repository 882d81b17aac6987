package io.elanus.datacoord;

import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import java.util.Map;
import java.util.TreeMap;

/// One shard's part of a restore.
///
/// @param shard of the collection that is made
/// @param version of the source's shard
/// @param partitions of the collection that is made, by those of the source
record RestoreTask(ShardId shard, long version, Map<PartitionId, PartitionId> partitions)
    implements JobBoard.Work {
  RestoreTask {
    partitions = new TreeMap<>(partitions);
  }
}
