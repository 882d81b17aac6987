package io.elanus.proxy.write;

import io.elanus.common.error.DbException;
import io.elanus.common.expr.Expr;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Operand;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.record.LogRecord;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.milvus.FieldPartialUpdateOp.OpType;
import io.elanus.proto.milvus.UpsertRequest;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.catalog.LoadedPart;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.read.LivingRows;
import io.elanus.proxy.read.ShardCalls;
import io.elanus.proxy.write.RecordSplit.Part;
import io.elanus.rpc.codec.ExprCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Reads the rows a partial upsert is about, and drafts records of them as they are to be.
final class PartialDrafter {
  private final LogWriter log;
  private final RowIds ids;
  private final Loads loads;
  private final ShardCalls shards;
  private final Run run;

  PartialDrafter(Run run, LogWriter log, RowIds ids, Loads loads, ShardCalls shards) {
    this.log = log;
    this.ids = ids;
    this.loads = loads;
    this.shards = shards;
    this.run = run;
  }

  /// @param keys that the rows have from now on
  /// @param rows which rows of the request these are
  /// @param parts which of them each draft has
  record Merged(
      Collection collection, KeyColumn keys, int[] rows, List<int[]> parts, List<Draft> drafts)
      implements ConfirmedWrite.Prepared {}

  /// @param pending the rows of the request that others outran, each for a record of its own; empty at the first try
  /// @throws DbException `COLLECTION_NOT_LOADED` when rows cannot be read; what decoding throws
  Merged prepare(
      Collection collection, UpsertRequest request, Optional<int[]> pending, Deadline deadline) {
    RowWriter.checkSchemaTimestamp(collection, request.getSchemaTimestamp());
    CollectionSchema schema = collection.schema();
    RowBatch given = given(collection, request);
    int[] wanted = pending.orElseGet(() -> IntStream.range(0, given.rowCount()).toArray());
    RowBatch rows = given.select(wanted);
    KeyColumn replaced = rows.keys(schema);
    Map<Long, OpType> ops =
        ArrayMerge.ops(schema, given.columns().keySet(), request.getFieldOpsList());
    List<Long> read = readFields(schema, given, ops.keySet());
    StoredRows stored = read(collection, replaced, read, deadline);
    var columns = RowMerge.merge(schema, rows, ops, stored);
    int[] owners = KeyColumns.shards(replaced, collection.shardCount());
    Field primaryKey = schema.primaryKey();
    if (primaryKey.autoId()) {
      columns.put(
          primaryKey.id(),
          KeyColumns.of(primaryKey, ids.keys(primaryKey, owners, collection.shardCount())));
    }
    RowBatch merged = new RowBatch(wanted.length, columns);
    RowPartitions partitions = RowPartitions.of(collection, request.getPartitionName(), merged);
    int[] groups = partitions.groups(owners);
    List<Part> parts = pending.isPresent() ? oneByOne(groups) : together(merged, replaced, groups);
    return new Merged(
        collection,
        merged.keys(schema),
        wanted,
        parts.stream().map(Part::rows).toList(),
        parts.stream()
            .map(part -> draft(collection, partitions, part, replaced, merged, stored))
            .toList());
  }

  private static RowBatch given(Collection collection, UpsertRequest request) {
    Field primaryKey = collection.schema().primaryKey();
    var columns =
        RowDecoder.decodeGiven(collection, request.getFieldsDataList(), request.getNumRows());
    if (!columns.containsKey(primaryKey.id())) {
      throw Invalid.parameter("must assign pk when upsert, primary field: %s", primaryKey.name());
    }
    RowBatch given = new RowBatch(request.getNumRows(), columns);
    KeyColumns.requireDistinct(given.keys(collection.schema()));
    return given;
  }

  /// Those that are not given, and those that are merged: undeclared keys, and arrays of `merged`.
  private static List<Long> readFields(CollectionSchema schema, RowBatch given, Set<Long> merged) {
    return schema.fields().stream()
        .filter(field ->
            field.dynamic()
                || merged.contains(field.id())
                || !given.columns().containsKey(field.id()))
        .map(Field::id)
        .toList();
  }

  private StoredRows read(
      Collection collection, KeyColumn keys, List<Long> fieldIds, Deadline deadline) {
    LoadedPart.whole(loads, collection, List.of())
        .require(collection.schema(), new TreeSet<>(fieldIds));
    QueryShardRequest plan =
        QueryShardRequest.newBuilder()
            .setCollectionId(collection.id().value())
            .setCollectionVersion(collection.version())
            .setDdlSequence(collection.ddlSequence())
            .setFreshness(Freshness.newBuilder().setLevel(Freshness.Level.STRONG))
            .setFilter(
                ExprCodec.encode(
                    LivingRows.of(collection, in(collection.schema().primaryKey(), keys), run)))
            .addAllOutputFieldIds(fieldIds)
            .build();
    List<QueryShardResponse> answers =
        shards.all(
            collection,
            deadline,
            (node, shard, cold) ->
                node.query(plan.toBuilder().setShard(shard.index()).setCold(cold).build()));
    return StoredRows.of(collection.schema(), fieldIds, answers);
  }

  private static Expr in(Field primaryKey, KeyColumn keys) {
    List<Literal> values = new ArrayList<>();
    for (int row = 0; row < keys.rowCount(); row++) {
      values.add(
          switch (keys.key(row)) {
            case Key.LongKey(long value) -> new Literal.IntLiteral(value);
            case Key.TextKey(String value) -> new Literal.TextLiteral(value);
          });
    }
    return new Expr.In(new Operand.FieldRef(primaryKey.id(), primaryKey.type()), values);
  }

  private List<Part> together(RowBatch merged, KeyColumn replaced, int[] groups) {
    List<Column> columns = new ArrayList<>(merged.columns().values());
    columns.add(replaced);
    return RecordSplit.split(columns, groups, log.maxRecordBytes());
  }

  private static List<Part> oneByOne(int[] groups) {
    return IntStream.range(0, groups.length)
        .mapToObj(row -> new Part(groups[row], new int[] {row}))
        .toList();
  }

  private static Draft draft(
      Collection collection,
      RowPartitions partitions,
      Part part,
      KeyColumn replaced,
      RowBatch merged,
      StoredRows stored) {
    int shard = partitions.shard(part.shard());
    PartitionId partition = partitions.partition(part.shard());
    KeyColumn old = replaced.select(part.rows());
    RowBatch rows = merged.select(part.rows());
    Optional<Long> readAt = Optional.of(stored.versions().get(shard));
    return new Draft(
        collection.shard(shard),
        header -> new LogRecord.Upsert(header, partition, old, rows, readAt));
  }
}
