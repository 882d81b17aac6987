package io.elanus.proxy.read;

import io.elanus.common.model.Collection;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Columns;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proxy.catalog.CollectionView;
import io.elanus.proxy.catalog.LoadedPart;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.read.Sessions.Paged;
import io.elanus.rpc.codec.KeysCodec;
import io.elanus.rpc.status.StatusMapper;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Queries: rows that match, in the order of their keys, or how many there are.
public final class Querier {
  private static final String COUNT = "count(*)";

  private final Run run;
  private final ShardCalls shards;
  private final Loads loads;
  private final Sessions sessions;
  private final Duration bound;

  /// @param bound how old an answer of the level Bounded may be
  public Querier(Run run, ShardCalls shards, Loads loads, Sessions sessions, Duration bound) {
    this.run = run;
    this.shards = shards;
    this.loads = loads;
    this.sessions = sessions;
    this.bound = bound;
  }

  public QueryResults query(CollectionView view, QueryRequest request, Deadline deadline) {
    LoadedPart part = LoadedPart.of(loads, view.collection(), request.getPartitionNamesList());
    QueryPlan plan = QueryPlan.of(view, part, request, bound, run);
    Paged<List<QueryShardResponse>> paged =
        sessions.read(
            view.collection(),
            plan.page(),
            moment -> ask(view.collection(), moment.of(plan.request()).build(), deadline),
            plan::fill);
    List<QueryShardResponse> answers = paged.answer();
    QueryResults.Builder results =
        QueryResults.newBuilder()
            .setStatus(StatusMapper.success())
            .setCollectionName(request.getCollectionName())
            .setSessionTs(paged.session())
            .setPrimaryFieldName(plan.primaryKey().name());
    return plan.countOnly() ? count(answers, results) : rows(plan, answers, results);
  }

  /// How many rows there are now.
  ///
  /// @param partitions by name; none for all
  public long count(CollectionView view, List<String> partitions, Deadline deadline) {
    QueryRequest request =
        QueryRequest.newBuilder()
            .addAllPartitionNames(partitions)
            .addOutputFields(COUNT)
            .setConsistencyLevel(ConsistencyLevel.Strong)
            .build();
    LoadedPart part = LoadedPart.of(loads, view.collection(), partitions);
    QueryPlan plan = QueryPlan.of(view, part, request, bound, run);
    return rowCount(ask(view.collection(), plan.request(), deadline));
  }

  private List<QueryShardResponse> ask(
      Collection collection, QueryShardRequest request, Deadline deadline) {
    List<QueryShardResponse> answers =
        shards.all(
            collection,
            deadline,
            (node, shard, cold) ->
                node.query(request.toBuilder().setShard(shard.index()).setCold(cold).build()));
    ReadLimits.checkBytes(answers);
    return answers;
  }

  private static QueryResults count(
      List<QueryShardResponse> answers, QueryResults.Builder results) {
    FieldData column =
        FieldData.newBuilder()
            .setType(DataType.Int64)
            .setFieldName(COUNT)
            .setScalars(
                ScalarField.newBuilder()
                    .setLongData(LongArray.newBuilder().addData(rowCount(answers))))
            .build();
    return results.addOutputFields(COUNT).addFieldsData(column).build();
  }

  private static long rowCount(List<QueryShardResponse> answers) {
    return answers.stream().mapToLong(QueryShardResponse::getRowCount).sum();
  }

  private static QueryResults rows(
      QueryPlan plan, List<QueryShardResponse> answers, QueryResults.Builder results) {
    KeyColumn keys =
        (KeyColumn)
            Columns.concat(
                answers.stream()
                    .map(answer -> KeysCodec.decode(plan.primaryKey(), answer.getKeys()))
                    .toList());
    List<FieldData> columns =
        FieldsData.select(
            plan.output(),
            plan.times(),
            keys,
            answers.stream().map(QueryShardResponse::getColumnsList).toList(),
            page(plan, keys));
    return results.addAllOutputFields(plan.output().names()).addAllFieldsData(columns).build();
  }

  /// Each shard's rows are in key order already; a sort merges such runs in little more than one pass.
  private static int[] page(QueryPlan plan, KeyColumn keys) {
    IntStream ordered =
        switch (keys) {
          case Int64Column(long[] values) ->
              IntStream.range(0, values.length)
                  .boxed()
                  .sorted(Comparator.comparingLong(row -> values[row]))
                  .mapToInt(Integer::intValue);
          default ->
              IntStream.range(0, keys.rowCount())
                  .boxed()
                  .sorted(Comparator.comparing(keys::key))
                  .mapToInt(Integer::intValue);
        };
    IntStream after = ordered.skip(plan.offset());
    return plan.limit().map(after::limit).orElse(after).toArray();
  }
}
