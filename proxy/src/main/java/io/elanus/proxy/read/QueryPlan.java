package io.elanus.proxy.read;

import io.elanus.common.expr.Expr;
import io.elanus.common.expr.FieldRefs;
import io.elanus.common.expr.FilterParser;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Field;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.catalog.CollectionView;
import io.elanus.proxy.catalog.LoadedPart;
import io.elanus.proxy.read.Sessions.Fill;
import io.elanus.proxy.value.TimeForm;
import io.elanus.rpc.codec.ExprCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A query as it is sent to every shard, and what is done with the answers.
///
/// @param request lacks its shard only
/// @param limit empty for all rows
/// @param page of an iterator
record QueryPlan(
    QueryShardRequest request,
    Field primaryKey,
    OutputFields output,
    int offset,
    Optional<Integer> limit,
    Page page,
    TimeForm times) {
  private static final String COUNT = "count(*)";

  /// @param part of the collection that is to be looked at
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for what is wrong, or not served yet
  static QueryPlan of(
      CollectionView view, LoadedPart part, QueryRequest request, Duration bound, Run run) {
    ReadParams params = ReadParams.of(request.getQueryParamsList());
    params.refuse("grouping query", "group_by_fields");
    params.refuse("ordering of a query", "order_by_fields");
    params.checkCollection(view.collection());
    Optional<Long> limit = params.number("limit").filter(value -> value != -1);
    long offset = params.number("offset").orElse(0L);
    limit.ifPresent(rows -> ReadLimits.checkWindow(offset, rows));
    List<String> asked = request.getOutputFieldsList();
    boolean count = asked.stream().anyMatch(name -> name.strip().equalsIgnoreCase(COUNT));
    checkOutput(asked, count, limit.isPresent() || offset != 0);
    CollectionSchema schema = view.schema();
    OutputFields output =
        count
            ? OutputFields.of(schema, part, List.of())
            : OutputFields.withKey(schema, part, asked);
    Expr filter =
        FilterParser.parse(
            request.getExpr(), schema, Templates.decode(request.getExprTemplateValuesMap()));
    part.require(schema, FieldRefs.of(filter));
    if (request.getExpr().isBlank() && !count && limit.isEmpty()) {
      throw Invalid.parameter("empty expression should be used with limit");
    }
    QueryShardRequest.Builder shard =
        QueryShardRequest.newBuilder()
            .setCollectionId(view.collection().id().value())
            .setCollectionVersion(view.collection().version())
            .setDdlSequence(view.collection().ddlSequence())
            .setFreshness(
                Consistency.freshness(
                    view.collection(),
                    request.getUseDefaultConsistency(),
                    request.getConsistencyLevelValue(),
                    request.getGuaranteeTimestamp(),
                    bound))
            .setLimit(limit.map(rows -> offset + rows).orElse(0L))
            .setCountOnly(count)
            .setIgnoreGrowing(params.flag("ignore_growing"))
            .addAllOutputFieldIds(output.fetched());
    Page page = Page.of(params, request.getGuaranteeTimestamp());
    Expr living = LivingRows.of(view.collection(), filter, page, run);
    if (!living.equals(Expr.ALWAYS)) {
      shard.setFilter(ExprCodec.encode(living));
    }
    part.partitions().forEach(id -> shard.addPartitionIds(id.value()));
    return new QueryPlan(
        shard.build(),
        schema.primaryKey(),
        output,
        (int) offset,
        limit.map(Long::intValue),
        page,
        params.times(view.collection()));
  }

  private static void checkOutput(List<String> asked, boolean count, boolean paged) {
    if (count && asked.size() > 1) {
      throw Invalid.parameter("count(*) should be the only output field, but got %s", asked);
    }
    if (count && paged) {
      throw Invalid.parameter("count entities with pagination is not allowed");
    }
    asked.stream()
        .filter(name -> !count && name.contains("("))
        .findFirst()
        .ifPresent(name -> {
          throw Invalid.notServed("aggregation " + name);
        });
  }

  /// How much of the page these answers have.
  Fill fill(List<QueryShardResponse> answers) {
    long rows = answers.stream().mapToLong(QueryShardResponse::getRowCount).sum();
    return Fill.of(
        Math.max(0, rows - offset), limit.map(Integer::longValue).orElse(Long.MAX_VALUE));
  }

  boolean countOnly() {
    return request.getCountOnly();
  }
}
