package io.elanus.proxy.read;

import io.elanus.common.error.DbException;
import io.elanus.common.expr.Expr;
import io.elanus.common.expr.FieldRefs;
import io.elanus.common.expr.FilterParser;
import io.elanus.common.model.Collection;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexSpec;
import io.elanus.common.model.ResolvedIndex;
import io.elanus.common.model.SearchEffort;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.Bands;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.catalog.CollectionView;
import io.elanus.proxy.catalog.IndexParams;
import io.elanus.proxy.catalog.LoadedPart;
import io.elanus.rpc.codec.ExprCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes a plan of a search request: everything is parsed, checked and typed here, once.
final class SearchPlanner {
  private static final String HINT_TO_GO_ON = "iterative_filter";
  private static final Set<String> HINTS = Set.of(HINT_TO_GO_ON, "disable");

  private final CollectionView view;
  private final LoadedPart part;
  private final SearchRequest request;
  private final ReadParams params;
  private final Field field;
  private final ResolvedIndex index;
  private final Optional<GroupParams> groups;

  /// @param part of the collection that is to be searched
  /// @throws DbException `INVALID_PARAMETER` for what is wrong, or not served yet
  SearchPlanner(CollectionView view, LoadedPart part, SearchRequest request) {
    this.view = view;
    this.part = part;
    this.request = request;
    this.params = ReadParams.of(request.getSearchParamsList());
    refuseNotServed();
    checkHints();
    this.field = vectorField();
    part.require(field);
    this.index = IndexParams.resolve(view, field);
    this.groups = GroupParams.of(params, view.schema());
    groups.ifPresent(this::checkGroups);
    if (field.type() == DataType.ARRAY_OF_VECTOR) {
      refuseForLists();
    }
  }

  private void checkGroups(GroupParams groups) {
    if (params.flag("iterator")) {
      throw Invalid.mismatch("", "", "Not allowed to do groupBy when doing iteration");
    }
    if (params.text("radius").isPresent()) {
      throw Invalid.mismatch("", "", "Not allowed to do range-search when doing search-group-by");
    }
    if (field.vectorType() == DataType.BINARY_VECTOR) {
      throw Invalid.parameter(
          "not support search_group_by operation based on binary vector column");
    }
    groups.fields().forEach(part::require);
  }

  /// As Milvus does.
  private void refuseForLists() {
    refuseForLists(index.metric().isOfLists() && params.text("radius").isPresent(), "range search");
    refuseForLists(params.flag("iterator"), "search iterator");
    refuse(request.hasIds(), "search by ids in an array of vector field");
  }

  private void refuseForLists(boolean used, String feature) {
    if (used) {
      throw Invalid.mismatch(
          "",
          "",
          "%s is not supported for vector array (embedding list) fields, fieldName:->%s"
              .formatted(feature, field.name()));
    }
  }

  private void refuseNotServed() {
    params.refuse("ordering of a search", "order_by_fields");
    refuse(request.hasFunctionScore(), "function score");
    refuse(request.hasHighlighter(), "highlighter");
    refuse(request.hasSearchAggregation(), "search aggregation");
    refuse(request.getFunctionChainsCount() > 0, "function chain");
    refuse(request.getSubReqsCount() > 0, "hybrid search");
    refuse(!request.getNamespace().isEmpty(), "namespace");
  }

  private static void refuse(boolean used, String feature) {
    if (used) {
      throw Invalid.notServed(feature);
    }
  }

  private Field vectorField() {
    return params.text("anns_field").map(this::vectorField).orElseGet(this::onlyVectorField);
  }

  private Field vectorField(String name) {
    Field named =
        view.schema()
            .field(name)
            .orElseThrow(() ->
                Invalid.parameter(
                    "failed to create query plan: failed to get field schema by name:"
                        + " fieldName(%s) not found",
                    name));
    if (!named.type().isVector()) {
      throw Invalid.parameter(
          "failed to create query plan: field (%s) to search is not of vector data type", name);
    }
    return named;
  }

  /// One with a vector in a row, if there is any.
  private Field onlyVectorField() {
    List<Field> plain = view.schema().vectorFields();
    List<Field> vectors =
        plain.isEmpty()
            ? view.schema().fields().stream().filter(field -> field.type().isVector()).toList()
            : plain;
    if (vectors.size() != 1) {
      throw Invalid.parameter(
          "multiple anns_fields exist, please specify a anns_field in search_params");
    }
    return vectors.getFirst();
  }

  Field field() {
    return field;
  }

  /// What a query is one of: a value of the field, or a vector where the vectors in its lists are found.
  Field queried() {
    return isOfSingleVectors() ? field.element() : field;
  }

  private boolean isOfSingleVectors() {
    return field.type() == DataType.ARRAY_OF_VECTOR && !index.metric().isOfLists();
  }

  SearchPlan plan(QueryVectors vectors, Duration bound, Run run) {
    params.checkCollection(view.collection());
    Page page = Page.of(params, request.getGuaranteeTimestamp());
    Optional<NextBatch> batch = NextBatch.of(params);
    if (isIterator(page) && vectors.count() != 1) {
      throw Invalid.parameter(
          "search iterator does not support multiple vectors, nq [%d]", vectors.count());
    }
    long topk =
        batch
            .map(NextBatch::size)
            .or(() -> params.number("topk"))
            .orElseThrow(() -> Invalid.parameter("topk is required"));
    long offset = params.number("offset").orElse(0L);
    ReadLimits.checkTopk(topk);
    ReadLimits.checkOffset(offset, topk);
    int limit = (int) (offset + topk);
    OutputFields output = OutputFields.of(view.schema(), part, request.getOutputFieldsList());
    SearchShardRequest.Builder shard =
        SearchShardRequest.newBuilder()
            .setCollectionId(view.collection().id().value())
            .setCollectionVersion(view.collection().version())
            .setDdlSequence(view.collection().ddlSequence())
            .setFreshness(freshness(bound))
            .setFieldId(field.id())
            .setLimit(limit)
            .setMetric(index.metric().name())
            .setExact(isIterator(page))
            .setWithTies(batch.isPresent())
            .setIgnoreGrowing(params.flag("ignore_growing"))
            .addAllOutputFieldIds(fetched(output));
    groups.map(GroupParams::encode).ifPresent(shard::setGrouping);
    addEffort(IndexSpec.searchEffort(index, params.flat(), limit), shard);
    if (!isIterator(page) && !goesOn()) {
      IndexSpec.requireEnough(index, params.flat(), limit);
    }
    ScoreParams.of(params, index.metric(), batch.flatMap(NextBatch::lastBound))
        .ifPresent(shard::setScores);
    vectors.addTo(shard);
    part.partitions().forEach(id -> shard.addPartitionIds(id.value()));
    Expr filter = LivingRows.of(view.collection(), filter(), page, run);
    if (!filter.equals(Expr.ALWAYS)) {
      shard.setFilter(ExprCodec.encode(filter));
    }
    return new SearchPlan(
        shard.build(),
        view.schema().primaryKey(),
        index.metric(),
        output,
        (int) offset,
        (int) topk,
        roundDecimal(),
        page,
        batch,
        params.times(view.collection()),
        isOfSingleVectors(),
        groups);
  }

  /// With what rows are grouped by behind the others.
  private List<Long> fetched(OutputFields output) {
    List<Long> ids = new ArrayList<>(output.fetched());
    groups.stream()
        .flatMap(of -> of.fieldIds().stream())
        .filter(id -> !output.fetched().contains(id))
        .distinct()
        .forEach(ids::add);
    return ids;
  }

  private static void addEffort(SearchEffort effort, SearchShardRequest.Builder shard) {
    switch (effort) {
      case SearchEffort.All _ -> shard.setExact(true);
      case SearchEffort.Candidates(int count, float refine) -> shard.setEf(count).setRefine(refine);
      case SearchEffort.Lists(int count, float refine) -> shard.setProbes(count).setRefine(refine);
      case SearchEffort.Terms(float dropRatio) -> shard.setDropRatio(dropRatio);
      case SearchEffort.Bands(int elementBytes, int count, boolean jaccard) ->
          shard.setBands(
              Bands.newBuilder().setElementBytes(elementBytes).setCount(count).setJaccard(jaccard));
    }
  }

  /// Pages have to fit together: a walk of a graph may miss a row on one page that is nearer than the next begins.
  private static boolean isIterator(Page page) {
    return !(page instanceof Page.None);
  }

  /// Whether the search goes on until it has what is wanted, however little it was to keep.
  private boolean goesOn() {
    return groups.isPresent()
        || params.text("radius").isPresent()
        || params.text("hints").filter(HINT_TO_GO_ON::equals).isPresent();
  }

  /// Of the hints there are; they change nothing, as every search with a filter goes on until there are enough rows.
  private void checkHints() {
    params
        .text("hints")
        .filter(hint -> !HINTS.contains(hint))
        .ifPresent(hint -> {
          throw Invalid.parameter("hints: %s not supported", hint);
        });
  }

  private Freshness freshness(Duration bound) {
    Collection collection = view.collection();
    return Consistency.freshness(
        collection,
        request.getUseDefaultConsistency(),
        request.getConsistencyLevelValue(),
        request.getGuaranteeTimestamp(),
        bound);
  }

  private Expr filter() {
    Expr filter =
        FilterParser.parse(
            request.getDsl(), view.schema(), Templates.decode(request.getExprTemplateValuesMap()));
    part.require(view.schema(), FieldRefs.of(filter));
    return filter;
  }

  private int roundDecimal() {
    String digits = params.text("round_decimal").map(String::strip).orElse("-1");
    if (!digits.matches("-1|[0-6]")) {
      throw Invalid.parameter(
          "round_decimal [%s] is invalid, should be -1 or an integer in range [0, 6]", digits);
    }
    return Integer.parseInt(digits);
  }
}
