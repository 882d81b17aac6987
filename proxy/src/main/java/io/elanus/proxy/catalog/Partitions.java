package io.elanus.proxy.catalog;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.proxy.Invalid;
import java.util.List;

/// The partitions a request names.
public final class Partitions {
  private Partitions() {}

  /// The partition named, `_default` when none is.
  ///
  /// @throws DbException `INVALID_PARAMETER` where rows are divided by a partition key
  public static PartitionId one(Collection collection, String name) {
    requireNoKey(collection, name.isEmpty() ? List.of() : List.of(name));
    return require(collection, name.isEmpty() ? Partition.DEFAULT_NAME : name).id();
  }

  /// Where rows are looked for: the partitions named. None named is none here too: it means all.
  ///
  /// @throws DbException `INVALID_PARAMETER` where rows are divided by a partition key
  public static List<PartitionId> all(Collection collection, List<String> names) {
    requireNoKey(collection, names);
    return names.stream().map(name -> require(collection, name).id()).distinct().toList();
  }

  private static void requireNoKey(Collection collection, List<String> names) {
    if (!names.isEmpty() && collection.schema().partitionKey().isPresent()) {
      throw Invalid.parameter(
          "not support manually specifying the partition names if partition key mode is used");
    }
  }

  /// @throws DbException `PARTITION_NOT_FOUND`
  public static Partition require(Collection collection, String name) {
    return collection
        .partition(name)
        .orElseThrow(() ->
            ErrorCode.PARTITION_NOT_FOUND.because(
                "partition name %s not found: %s",
                name, ErrorCode.PARTITION_NOT_FOUND.with("partition", name).text()));
  }
}
