package io.elanus.proxy.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.elanus.common.error.DbException;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.LoadScope;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.proto.milvus.PlaceholderGroup;
import io.elanus.proto.milvus.PlaceholderType;
import io.elanus.proto.milvus.PlaceholderValue;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proxy.Films;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionView;
import io.elanus.proxy.catalog.LoadedPart;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What searches and queries may ask for, and what they are told else.
class ReadRulesTest {
  private static final Duration BOUND = Duration.ofSeconds(5);
  private static final Run RUN = new SystemRun();
  private static final LoadedPart WHOLE = new LoadedPart(LoadScope.WHOLE, List.of());
  private static final CollectionView VIEW =
      view(Map.of("index_type", "HNSW", "metric_type", "L2", "params", "{\"M\": 8}"));

  @Test
  void aSearchIsPlannedWithTheIndexesMetricAndItsOffsetInsideTheLimit() {
    SearchPlan plan =
        plan(
            VIEW,
            search()
                .addSearchParams(Requests.pair("offset", "5"))
                .addSearchParams(Requests.pair("params", "{\"ef\": 100}")));

    assertThat(plan.request().getLimit()).isEqualTo(15);
    assertThat(plan.request().getMetric()).isEqualTo("L2");
    assertThat(plan.request().getEf()).isEqualTo(100);
    assertThat(plan.request().getExact()).isFalse();
    assertThat(plan.request().hasFilter()).isFalse();
    assertThat(plan.request().getVectorCount()).isEqualTo(1);
  }

  @Test
  void whatIsNotLoadedIsNeitherSearchedNorFilteredByNorReturned() {
    LoadedPart part =
        new LoadedPart(LoadScope.of(Set.of(), Set.of(Films.ID.id(), Films.VECTOR.id())), List.of());

    assertThat(plan(VIEW, part, search().addOutputFields("*").build()).output().names())
        .containsExactly("id", "v");
    assertThatThrownBy(() -> plan(VIEW, part, search().addOutputFields("title").build()))
        .hasMessageContaining("field title is not loaded");
    assertThatThrownBy(() -> plan(VIEW, part, search().setDsl("title == \"a\"").build()))
        .hasMessageContaining("field title is not loaded");
    assertThatThrownBy(() -> plan(VIEW, part, search().addOutputFields("color").build()))
        .hasMessageContaining("field color cannot be returned since dynamic field not loaded");
    LoadedPart other = new LoadedPart(LoadScope.of(Set.of(), Set.of(Films.ID.id())), List.of());
    assertThatThrownBy(() -> plan(VIEW, other, search().build()))
        .hasMessageContaining("field v is not loaded, please reload the collection");
  }

  @Test
  void groupsAreToldToTheShardsWithTheValuesThatMakeThem() {
    SearchRequest.Builder request =
        search()
            .addSearchParams(Requests.pair("group_by_fields", "title, id"))
            .addSearchParams(Requests.pair("group_size", "3"))
            .addSearchParams(Requests.pair("strict_group_size", "True"))
            .addSearchParams(Requests.pair("offset", "5"))
            .addOutputFields("title");

    SearchPlan plan = plan(VIEW, request);

    assertThat(plan.request().getGrouping().getFieldIdsList())
        .containsExactly(Films.TITLE.id(), Films.ID.id());
    assertThat(plan.request().getGrouping().getSize()).isEqualTo(3);
    assertThat(plan.request().getOutputFieldIdsList())
        .containsExactly(Films.TITLE.id(), Films.ID.id());
    assertThat(plan.request().getLimit()).isEqualTo(15);
    assertThat(plan.groups().map(GroupParams::listed)).contains(true);
    assertThat(plan.groups().map(GroupParams::isFull)).contains(true);

    SearchPlan one = plan(VIEW, request.addSearchParams(Requests.pair("group_by_field", "title")));
    assertThat(one.groups().map(GroupParams::fields)).contains(List.of(Films.TITLE));
    assertThat(one.groups().map(GroupParams::listed)).contains(false);
    assertThat(plan(VIEW, search()).groups()).isEmpty();
    assertThat(plan(VIEW, search()).request().hasGrouping()).isFalse();
  }

  @Test
  void whatIsNeitherAFieldNorAKeyIsNotFound() {
    CollectionView strict = new CollectionView(Films.collection(Films.STRICT, 1), VIEW.indexes());

    assertThatThrownBy(
            () -> plan(strict, search().addSearchParams(Requests.pair("group_by_field", "color"))))
        .hasMessage("groupBy field not found in schema: field not found[field=color]");
  }

  @Test
  void aFlatIndexIsSearchedExactly() {
    CollectionView flat = view(Map.of("index_type", "FLAT", "metric_type", "IP"));

    assertThat(plan(flat, search()).request().getExact()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("badSearches")
  void aBadSearchIsToldWhy(UnaryOperator<SearchRequest.Builder> change, String text) {
    assertThatThrownBy(() -> plan(VIEW, change.apply(search())))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  static Stream<Arguments> badSearches() {
    return Stream.of(
        search("topk", "0", "topk [0] is invalid, it should be in range [1, 16384], but got 0"),
        search(
            "topk",
            "16385",
            "topk [16385] is invalid, it should be in range [1, 16384], but got 16385"),
        search("topk", "many", "topk [many] is invalid"),
        search("offset", "-1", "offset [-1] is invalid"),
        search(
            "offset",
            "16380",
            "offset+topk [16390] is invalid, it should be in range [1, 16384], but got 16390"),
        search(
            "metric_type",
            "IP",
            "metric type not match: invalid parameter[expected=L2][actual=IP]"),
        search("params", "{\"ef\": -1}", "param 'ef' (-1) should be in range [1, 2147483647]"),
        search("params", "{\"ef\": 5}", "ef(5) should be larger than k(10)"),
        search("hints", "fast", "hints: fast not supported"),
        search("round_decimal", "x", "round_decimal [x] is invalid, should be -1 or an integer"),
        search("params", "{\"ef\":", "params is not valid JSON"),
        search("round_decimal", "7", "round_decimal [7] is invalid"),
        search(
            "anns_field",
            "w",
            "failed to create query plan: failed to get field schema by name:"
                + " fieldName(w) not found"),
        search("anns_field", "title", "field (title) to search is not of vector data type"),
        search("search_iter_v2", "True", "both iterator and iterator_v2 must be set in the SDK"),
        iterator("search_iter_batch_size", "", "batch size is required"),
        iterator("search_iter_batch_size", "0", "topk [0] is invalid"),
        iterator("search_iter_id", "x", "invalid token format: x"),
        iterator("search_iter_last_bound", "near", "search_iter_last_bound [near] is invalid"),
        iterator("offset", "3", "Setting an offset is not permitted when using a search iterator"),
        search("collection_id", "77", "collection id:77 in the request is not consistent"),
        search(
            "group_by_field",
            "v",
            "unsupported data type VECTOR_FLOAT for group by operator: invalid parameter"),
        search(
            "group_by_field",
            "color",
            "grouping by a key of a JSON field (color) is not supported"),
        search("group_by_fields", "title, color", "grouping by a key of a JSON field (color)"),
        search("group_size", "0", "input group size:0 is negative, failed to do search_groupby"),
        search("group_size", "11", "input group size:11 exceeds configured max group size:10"),
        search("group_size", "1.5", "failed to parse input group size:1.5"),
        grouped("iterator", "True", "Not allowed to do groupBy when doing iteration: invalid"),
        grouped(
            "radius", "3", "Not allowed to do range-search when doing search-group-by: invalid"),
        grouped("params", "{\"radius\": 3}", "Not allowed to do range-search when doing"),
        search("order_by_fields", "title:asc", "ordering of a search"),
        search("params", "{\"range_filter\": 1.5}", "range_filter requires radius to be set"),
        search(
            "params",
            "{\"radius\": 1, \"range_filter\": 1.5}",
            "range_filter(1.5) must be less than radius(1.0)"),
        search("radius", "wide", "radius [wide] is invalid"),
        change(r -> r.addOutputFields("x[\"y\"]"), "field x[\"y\"] not exist: invalid parameter"),
        change(r -> r.setDsl("title >"), "failed to create query plan: cannot parse expression"),
        change(
            r -> r.setPlaceholderGroup(placeholder(PlaceholderType.FloatVector, 3)),
            "vector dimension mismatch, expected vector size(byte) 8, actual 12"),
        change(
            r -> r.setPlaceholderGroup(placeholder(PlaceholderType.Float16Vector, 2)),
            "vector type must be the same, field v - type FloatVector,"
                + " search info type Float16Vector"),
        change(
            r -> r.setPlaceholderGroup(placeholder(PlaceholderType.VarChar, 2)),
            "search by text is not supported yet"),
        change(r -> r.setPlaceholderGroup(ByteString.EMPTY), "a search takes one placeholder"),
        change(r -> r.setNq(2), "nq [2] is invalid, the request has 1 vectors"));
  }

  @ParameterizedTest
  @MethodSource("badQueries")
  void aBadQueryIsToldWhy(UnaryOperator<QueryRequest.Builder> change, String text) {
    QueryRequest request = change.apply(QueryRequest.newBuilder().setExpr("id > 1")).build();

    assertThatThrownBy(() -> QueryPlan.of(VIEW, WHOLE, request, BOUND, RUN))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  static Stream<Arguments> badQueries() {
    return Stream.of(
        query(r -> r.clearExpr(), "empty expression should be used with limit"),
        query(
            r -> r.addQueryParams(Requests.pair("limit", "0")),
            "invalid max query result window, limit [0] is invalid, should be greater than 0"),
        query(
            r -> r.addQueryParams(Requests.pair("limit", "16385")),
            "invalid max query result window, (offset+limit) should be in range [1, 16384],"
                + " but got 16385"),
        query(
            r -> r.addOutputFields("count(*)").addQueryParams(Requests.pair("limit", "5")),
            "count entities with pagination is not allowed"),
        query(
            r -> r.addOutputFields("count(*)").addOutputFields("title"),
            "count(*) should be the only output field"),
        query(r -> r.addOutputFields("sum(id)"), "aggregation sum(id) is not supported yet"),
        query(
            r -> r.addQueryParams(Requests.pair("collection_id", "77")),
            "collection id:77 in the request is not consistent to that in the search context,"
                + " alias or database may have been changed: "));
  }

  @Test
  void aQueryWithoutFilterNeedsALimitOrCounts() {
    QueryRequest.Builder request = QueryRequest.newBuilder();

    QueryPlan counting =
        QueryPlan.of(VIEW, WHOLE, request.addOutputFields("count(*)").build(), BOUND, RUN);
    QueryPlan limited =
        QueryPlan.of(
            VIEW,
            WHOLE,
            request
                .clearOutputFields()
                .addQueryParams(Requests.pair("limit", "5"))
                .addQueryParams(Requests.pair("offset", "3"))
                .build(),
            BOUND,
            RUN);

    assertThat(counting.countOnly()).isTrue();
    assertThat(limited.request().getLimit()).isEqualTo(8);
    assertThat(limited.output().names()).containsExactly("id");
  }

  private static SearchPlan plan(CollectionView view, SearchRequest.Builder builder) {
    SearchRequest request = builder.build();
    return plan(view, WHOLE, request);
  }

  private static SearchPlan plan(CollectionView view, LoadedPart part, SearchRequest request) {
    SearchPlanner planner = new SearchPlanner(view, part, request);
    QueryVectors vectors =
        QueryVectors.decode(planner.queried(), request.getPlaceholderGroup(), request.getNq());
    return planner.plan(vectors, BOUND, RUN);
  }

  private static SearchRequest.Builder search() {
    return SearchRequest.newBuilder()
        .setPlaceholderGroup(placeholder(PlaceholderType.FloatVector, 2))
        .addSearchParams(Requests.pair("anns_field", "v"))
        .addSearchParams(Requests.pair("topk", "10"));
  }

  private static Arguments search(String param, String value, String text) {
    return change(r -> r.addSearchParams(Requests.pair(param, value)), text);
  }

  private static Arguments grouped(String param, String value, String text) {
    return change(
        r ->
            r.addSearchParams(Requests.pair("group_by_field", "title"))
                .addSearchParams(Requests.pair(param, value)),
        text);
  }

  private static Arguments iterator(String param, String value, String text) {
    return change(
        r ->
            r.addSearchParams(Requests.pair("iterator", "True"))
                .addSearchParams(Requests.pair("search_iter_v2", "True"))
                .addSearchParams(Requests.pair("search_iter_batch_size", "7"))
                .addSearchParams(Requests.pair(param, value)),
        text);
  }

  private static Arguments change(UnaryOperator<SearchRequest.Builder> change, String text) {
    return Arguments.of(change, text);
  }

  private static Arguments query(UnaryOperator<QueryRequest.Builder> change, String text) {
    return Arguments.of(change, text);
  }

  private static ByteString placeholder(PlaceholderType type, int dimension) {
    ByteBuffer bytes = ByteBuffer.allocate(dimension * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    PlaceholderValue value =
        PlaceholderValue.newBuilder()
            .setTag("$0")
            .setType(type)
            .addValues(ByteString.copyFrom(bytes))
            .build();
    return PlaceholderGroup.newBuilder().addPlaceholders(value).build().toByteString();
  }

  private static CollectionView view(Map<String, String> params) {
    IndexDefinition index =
        new IndexDefinition(
            new IndexId(5), Films.collection(Films.SCHEMA, 1).id(), 102, "v", params, 0);
    return new CollectionView(Films.collection(Films.SCHEMA, 1), List.of(index));
  }
}
