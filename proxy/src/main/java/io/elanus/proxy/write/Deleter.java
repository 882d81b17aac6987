package io.elanus.proxy.write;

import io.elanus.common.expr.Expr;
import io.elanus.common.expr.FieldRefs;
import io.elanus.common.expr.FilterParser;
import io.elanus.common.expr.KeyLookup;
import io.elanus.common.expr.Literal;
import io.elanus.common.model.Collection;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.milvus.DeleteRequest;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.LoadedPart;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.catalog.Partitions;
import io.elanus.proxy.read.LivingRows;
import io.elanus.proxy.read.ShardCalls;
import io.elanus.proxy.read.Templates;
import io.elanus.rpc.codec.ExprCodec;
import io.elanus.rpc.codec.KeysCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/// Deletes. A filter that only lists keys needs no loaded collection: the keys go to the log as they
/// are. Any other is evaluated first, and the delete says at which version, so that rows written since
/// stay.
public final class Deleter {
  private final Run run;
  private final CollectionCache collections;
  private final ConfirmedWrite writes;
  private final LogWriter log;
  private final Loads loads;
  private final ShardCalls shards;

  public Deleter(
      Run run,
      CollectionCache collections,
      ConfirmedWrite writes,
      LogWriter log,
      Loads loads,
      ShardCalls shards) {
    this.run = run;
    this.collections = collections;
    this.writes = writes;
    this.log = log;
    this.loads = loads;
    this.shards = shards;
  }

  private record Keys(Collection collection, long count, List<Draft> drafts)
      implements ConfirmedWrite.Prepared {}

  /// What a filter is evaluated on.
  private record Condition(Collection collection, Expr filter, Optional<PartitionId> partition) {}

  public Deletion delete(String database, DeleteRequest request, Deadline deadline) {
    var done =
        writes.run(
            deadline,
            () ->
                collections.with(
                    database,
                    request.getCollectionName(),
                    view -> prepare(view.collection(), request, deadline)));
    return new Deletion(done.prepared().count(), done.timestamp());
  }

  private Keys prepare(Collection collection, DeleteRequest request, Deadline deadline) {
    Map<String, Literal> templates = Templates.decode(request.getExprTemplateValuesMap());
    Expr filter = FilterParser.parseDelete(request.getExpr(), collection.schema(), templates);
    if (filter.equals(Expr.ALWAYS)) {
      throw Invalid.parameter("delete plan can't be empty or always true");
    }
    Condition condition = new Condition(collection, filter, partition(collection, request));
    if (filter.equals(Expr.NEVER)) {
      return new Keys(collection, 0, List.of());
    }
    return KeyLookup.of(filter, collection.schema().primaryKey())
        .filter(lookup -> lookup.rest().equals(Expr.ALWAYS))
        .map(lookup -> listed(condition, lookup.keys()))
        .orElseGet(() -> {
          requireLoaded(condition, request.getPartitionName());
          return matching(condition, deadline);
        });
  }

  /// Rows that are not loaded would not be found, and stay.
  private void requireLoaded(Condition condition, String partition) {
    Collection collection = condition.collection();
    List<String> names = partition.isEmpty() ? List.of() : List.of(partition);
    LoadedPart.whole(loads, collection, names)
        .require(collection.schema(), FieldRefs.of(condition.filter()));
  }

  private static Optional<PartitionId> partition(Collection collection, DeleteRequest request) {
    return request.getPartitionName().isEmpty()
        ? Optional.empty()
        : Optional.of(Partitions.one(collection, request.getPartitionName()));
  }

  private Keys listed(Condition condition, SortedSet<Key> keys) {
    Collection collection = condition.collection();
    KeyColumn column = KeyColumns.of(collection.schema().primaryKey(), keys);
    int[] owners = KeyColumns.shards(column, collection.shardCount());
    return new Keys(collection, keys.size(), drafts(condition, column, owners, Optional.empty()));
  }

  private Keys matching(Condition condition, Deadline deadline) {
    Collection collection = condition.collection();
    QueryShardRequest.Builder query =
        QueryShardRequest.newBuilder()
            .setCollectionId(collection.id().value())
            .setCollectionVersion(collection.version())
            .setDdlSequence(collection.ddlSequence())
            .setFreshness(Freshness.newBuilder().setLevel(Freshness.Level.STRONG))
            .setFilter(ExprCodec.encode(LivingRows.of(collection, condition.filter(), run)));
    condition.partition().ifPresent(id -> query.addPartitionIds(id.value()));
    QueryShardRequest plan = query.build();
    List<QueryShardResponse> answers =
        shards.all(
            collection,
            deadline,
            (node, shard, cold) ->
                node.query(plan.toBuilder().setShard(shard.index()).setCold(cold).build()));
    List<Draft> drafts = new ArrayList<>();
    long count = 0;
    for (int shard = 0; shard < answers.size(); shard++) {
      KeyColumn keys = keys(collection, answers.get(shard));
      count += keys.rowCount();
      int[] owners = new int[keys.rowCount()];
      Arrays.fill(owners, shard);
      drafts.addAll(
          drafts(condition, keys, owners, Optional.of(answers.get(shard).getReadVersion())));
    }
    return new Keys(collection, count, drafts);
  }

  private static KeyColumn keys(Collection collection, QueryShardResponse answer) {
    Field primaryKey = collection.schema().primaryKey();
    return KeysCodec.decode(primaryKey, answer.getKeys());
  }

  private List<Draft> drafts(
      Condition condition, KeyColumn keys, int[] owners, Optional<Long> upTo) {
    Collection collection = condition.collection();
    return RecordSplit.split(List.of(keys), owners, log.maxRecordBytes()).stream()
        .map(part -> {
          ShardId shard = collection.shard(part.shard());
          KeyColumn chosen = keys.select(part.rows());
          return new Draft(
              shard, header -> new LogRecord.Delete(header, chosen, upTo, condition.partition()));
        })
        .toList();
  }
}
