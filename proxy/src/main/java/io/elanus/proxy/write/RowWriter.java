package io.elanus.proxy.write;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Field;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.record.LogRecord;
import io.elanus.common.run.Deadline;
import io.elanus.proto.milvus.FieldPartialUpdateOp;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proto.milvus.UpsertRequest;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.catalog.CollectionCache;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;

/// Inserts and upserts.
public final class RowWriter {
  private static final String ALLOW_INSERT_AUTO_ID = "allow_insert_auto_id";

  private final CollectionCache collections;
  private final ConfirmedWrite writes;
  private final LogWriter log;
  private final RowIds ids;
  private final PartialUpserter partial;

  public RowWriter(PartialUpserter.Tools tools, PartialUpserter partial) {
    this.collections = tools.collections();
    this.writes = tools.writes();
    this.log = tools.log();
    this.ids = tools.ids();
    this.partial = partial;
  }

  /// What is to be appended, made against one version of the collection.
  private record Rows(Collection collection, KeyColumn keys, List<Draft> drafts)
      implements ConfirmedWrite.Prepared {}

  public Mutation insert(String database, InsertRequest request, Deadline deadline) {
    return write(
        database,
        request.getCollectionName(),
        deadline,
        collection -> prepare(collection, request));
  }

  public Mutation upsert(String database, UpsertRequest request, Deadline deadline) {
    if (isPartial(request)) {
      return partial.upsert(database, request, deadline);
    }
    return write(
        database,
        request.getCollectionName(),
        deadline,
        collection -> prepare(collection, request));
  }

  /// An op other than to replace says so as well.
  private static boolean isPartial(UpsertRequest request) {
    return request.getPartialUpdate()
        || request.getFieldOpsList().stream()
            .anyMatch(op -> op.getOp() != FieldPartialUpdateOp.OpType.REPLACE);
  }

  private Mutation write(
      String database, String name, Deadline deadline, Function<Collection, Rows> prepare) {
    var done =
        writes.run(
            deadline,
            () -> collections.with(database, name, view -> prepare.apply(view.collection())));
    return new Mutation(done.prepared().keys(), done.timestamp());
  }

  private Rows prepare(Collection collection, InsertRequest request) {
    checkSchemaTimestamp(collection, request.getSchemaTimestamp());
    Field primaryKey = collection.schema().primaryKey();
    boolean given =
        request.getFieldsDataList().stream()
            .anyMatch(data -> data.getFieldName().equals(primaryKey.name()));
    if (primaryKey.autoId() && given && !allowsGivenIds(collection)) {
      throw Invalid.parameter(
          "can not assign primary field data when auto id enabled %s", primaryKey.name());
    }
    int rowCount = request.getNumRows();
    SortedMap<Long, Column> columns =
        RowDecoder.decode(collection, request.getFieldsDataList(), rowCount, !primaryKey.autoId());
    columns.computeIfAbsent(
        primaryKey.id(), id -> KeyColumns.of(primaryKey, ids.keys(primaryKey, rowCount)));
    RowBatch rows = new RowBatch(rowCount, columns);
    RowPartitions partitions = RowPartitions.of(collection, request.getPartitionName(), rows);
    return new Rows(
        collection, rows.keys(collection.schema()), inserts(collection, partitions, rows));
  }

  private static boolean allowsGivenIds(Collection collection) {
    return Boolean.parseBoolean(collection.properties().get(ALLOW_INSERT_AUTO_ID));
  }

  private List<Draft> inserts(Collection collection, RowPartitions partitions, RowBatch rows) {
    int[] shards = KeyColumns.shards(rows.keys(collection.schema()), collection.shardCount());
    List<Column> columns = List.copyOf(rows.columns().values());
    return RecordSplit.split(columns, partitions.groups(shards), log.maxRecordBytes()).stream()
        .map(part -> {
          RowBatch batch = rows.select(part.rows());
          PartitionId partition = partitions.partition(part.shard());
          return new Draft(
              collection.shard(partitions.shard(part.shard())),
              header -> new LogRecord.Insert(header, partition, batch));
        })
        .toList();
  }

  private Rows prepare(Collection collection, UpsertRequest request) {
    checkSchemaTimestamp(collection, request.getSchemaTimestamp());
    CollectionSchema schema = collection.schema();
    int rowCount = request.getNumRows();
    SortedMap<Long, Column> columns =
        RowDecoder.decode(collection, request.getFieldsDataList(), rowCount, true);
    KeyColumn replaced = new RowBatch(rowCount, columns).keys(schema);
    KeyColumns.requireDistinct(replaced);
    int[] shards = KeyColumns.shards(replaced, collection.shardCount());
    if (schema.primaryKey().autoId()) {
      columns.put(schema.primaryKey().id(), newKeys(collection, shards));
    }
    RowBatch rows = new RowBatch(rowCount, columns);
    RowPartitions partitions = RowPartitions.of(collection, request.getPartitionName(), rows);
    return new Rows(
        collection, rows.keys(schema), upserts(collection, partitions, replaced, rows, shards));
  }

  /// Keys of the same shards, so that the old row goes and the new one comes in one record.
  private KeyColumn newKeys(Collection collection, int[] shards) {
    Field primaryKey = collection.schema().primaryKey();
    return KeyColumns.of(primaryKey, ids.keys(primaryKey, shards, collection.shardCount()));
  }

  private List<Draft> upserts(
      Collection collection,
      RowPartitions partitions,
      KeyColumn replaced,
      RowBatch rows,
      int[] shards) {
    List<Column> columns = new ArrayList<>(rows.columns().values());
    columns.add(replaced);
    return RecordSplit.split(columns, partitions.groups(shards), log.maxRecordBytes()).stream()
        .map(part -> {
          PartitionId partition = partitions.partition(part.shard());
          KeyColumn old = replaced.select(part.rows());
          RowBatch batch = rows.select(part.rows());
          return new Draft(
              collection.shard(partitions.shard(part.shard())),
              header -> new LogRecord.Upsert(header, partition, old, batch));
        })
        .toList();
  }

  static void checkSchemaTimestamp(Collection collection, long schemaTimestamp) {
    if (schemaTimestamp != 0 && schemaTimestamp != collection.updatedTimestamp()) {
      throw ErrorCode.SCHEMA_MISMATCH.with(
          "collection",
          collection.name(),
          "schema_timestamp",
          Long.toUnsignedString(schemaTimestamp));
    }
  }
}
