package io.elanus.common.model;

import io.elanus.common.wal.LogId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A collection as the catalog knows it.
///
/// @param shardLogs the log of each shard, by shard index; fixed at creation
/// @param version grows with every change of this collection, and is never reused by its successors of the
///     same name; a proxy confirms it before it appends
/// @param ddlSequence of the last control record of this collection; 0 before the first
/// @param createdTimestamp hybrid; `updatedTimestamp` changes with the schema and is what clients send
///     back as `schema_timestamp`
public record Collection(
    CollectionId id,
    DatabaseId database,
    String databaseName,
    CollectionSchema schema,
    List<LogId> shardLogs,
    List<Partition> partitions,
    ConsistencyLevel consistency,
    Map<String, String> properties,
    long version,
    long ddlSequence,
    long createdTimestamp,
    long updatedTimestamp,
    CollectionState state) {
  public Collection {
    shardLogs = List.copyOf(shardLogs);
    partitions = List.copyOf(partitions);
    properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
  }

  public String name() {
    return schema.name();
  }

  public int shardCount() {
    return shardLogs.size();
  }

  public ShardId shard(int index) {
    return new ShardId(id, index);
  }

  public LogId log(ShardId shard) {
    return shardLogs.get(shard.index());
  }

  public Optional<Partition> partition(String partitionName) {
    return partitions.stream().filter(p -> p.name().equals(partitionName)).findFirst();
  }
}
