package io.elanus.common.model;

import io.elanus.common.model.PendingDdl.Effect.FieldAdded;
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
/// @param aliases other names of it in its database, in their order
/// @param pending the change whose control record, of `ddlSequence`, may not be in all its logs yet
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
    CollectionState state,
    List<String> aliases,
    Optional<PendingDdl> pending) {
  public Collection {
    aliases = aliases.stream().sorted().toList();
    shardLogs = List.copyOf(shardLogs);
    partitions = List.copyOf(partitions);
    properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
  }

  /// Without aliases, with nothing pending.
  public Collection(
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
    this(
        id,
        database,
        databaseName,
        schema,
        shardLogs,
        partitions,
        consistency,
        properties,
        version,
        ddlSequence,
        createdTimestamp,
        updatedTimestamp,
        state,
        List.of(),
        Optional.empty());
  }

  /// The schema that rows may have been stored under by now: with a field whose control record is on its way.
  /// Who stores or reads rows knows it before anybody writes it.
  public CollectionSchema storedSchema() {
    return pending
        .map(PendingDdl::effect)
        .filter(FieldAdded.class::isInstance)
        .map(added -> ((FieldAdded) added).addedTo(schema))
        .orElse(schema);
  }

  public String name() {
    return schema.name();
  }

  /// Whether `name` means this collection, within its database.
  public boolean isCalled(String calledName) {
    return name().equals(calledName) || aliases.contains(calledName);
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
