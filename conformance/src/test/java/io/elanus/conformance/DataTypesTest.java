package io.elanus.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.utility.request.FlushReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.data.BaseVector;
import io.milvus.v2.service.vector.request.data.BinaryVec;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.request.data.SparseFloatVec;
import io.milvus.v2.service.vector.response.QueryResp;
import io.milvus.v2.service.vector.response.SearchResp;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Fields of the types there are, with nulls and default values, through the Java SDK: from the tail first,
/// then from a segment.
@ExtendWith(SharedServer.class)
class DataTypesTest {
  private static final Gson GSON = new Gson();

  private final String name = "t_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  private final MilvusClientV2 client;

  DataTypesTest(ElanusServer server) {
    client = new MilvusClientV2(ConnectConfig.builder().uri(server.uri()).build());
  }

  @AfterEach
  void drop() {
    client.dropCollection(DropCollectionReq.builder().collectionName(name).build());
    client.close();
  }

  @Test
  void valuesAndNullsComeBack() {
    CreateCollectionReq.CollectionSchema schema = schema();
    schema.addField(vector("v", DataType.FloatVector, 2).build());
    schema.addField(nullable("i8", DataType.Int8).build());
    schema.addField(nullable("i32", DataType.Int32).build());
    schema.addField(nullable("f", DataType.Float).build());
    schema.addField(
        AddFieldReq.builder().fieldName("d").dataType(DataType.Int64).defaultValue(7L).build());
    schema.addField(nullable("t", DataType.VarChar).maxLength(20).build());
    schema.addField(nullable("j", DataType.JSON).build());
    schema.addField(
        nullable("a", DataType.Array).elementType(DataType.Int32).maxCapacity(5).build());
    create(schema, List.of(index("v", IndexParam.IndexType.FLAT, IndexParam.MetricType.L2)));
    JsonObject whole =
        GSON.fromJson(
            "{id: 1, v: [1, 2], i8: -8, i32: 32, f: 0.5, d: 9, t: 'text', j: {x: 1}, a: [1, 2]}",
            JsonObject.class);
    JsonObject empty = GSON.fromJson("{id: 2, v: [3, 4]}", JsonObject.class);
    for (String field : List.of("i8", "i32", "f", "t", "a")) {
      empty.add(field, JsonNull.INSTANCE);
    }
    client.insert(InsertReq.builder().collectionName(name).data(List.of(whole, empty)).build());

    assertWholeAndEmpty();
    client.flush(FlushReq.builder().collectionNames(List.of(name)).build());
    assertWholeAndEmpty();
  }

  private static int number(@Nullable Object value) {
    return ((Number) Objects.requireNonNull(value)).intValue();
  }

  private void assertWholeAndEmpty() {
    List<QueryResp.QueryResult> rows = query("id > 0");
    assertThat(rows).hasSize(2);
    Map<String, Object> whole = rows.get(0).getEntity();
    assertThat(number(whole.get("i8"))).isEqualTo(-8);
    assertThat(number(whole.get("i32"))).isEqualTo(32);
    assertThat(whole.get("f")).isEqualTo(0.5f);
    assertThat(whole.get("d")).isEqualTo(9L);
    assertThat(whole.get("t")).isEqualTo("text");
    assertThat(whole.get("a")).isEqualTo(List.of(1, 2));
    Map<String, Object> empty = rows.get(1).getEntity();
    for (String field : List.of("i8", "i32", "f", "t", "a")) {
      assertThat(empty.get(field)).as(field).isNull();
    }
    assertThat(empty.get("d")).isEqualTo(7L);
    assertThat(ids("i32 is null")).containsExactly(2L);
    assertThat(ids("i32 is not null")).containsExactly(1L);
    assertThat(ids("i32 > 0 or i8 < 0")).containsExactly(1L);
    assertThat(ids("not (i32 == 5)")).containsExactly(1L);
    assertThat(ids("a is null")).containsExactly(2L);
  }

  @Test
  void severalVectorFieldsAreSearchedEachByItsMetric() {
    CreateCollectionReq.CollectionSchema schema = schema();
    schema.addField(vector("f16", DataType.Float16Vector, 2).build());
    schema.addField(vector("bits", DataType.BinaryVector, 16).build());
    schema.addField(
        AddFieldReq.builder().fieldName("sparse").dataType(DataType.SparseFloatVector).build());
    create(
        schema,
        List.of(
            index("f16", IndexParam.IndexType.HNSW, IndexParam.MetricType.L2),
            index("bits", IndexParam.IndexType.BIN_FLAT, IndexParam.MetricType.HAMMING),
            index("sparse", IndexParam.IndexType.SPARSE_INVERTED_INDEX, IndexParam.MetricType.IP)));
    // 1, 5 and 9 as float16, in bytes
    List<JsonObject> rows =
        List.of(
            row(1, "[0, 60, 0, 60]", "[1, 0]", "{'3': 1.0}"),
            row(2, "[0, 69, 0, 69]", "[3, 0]", "{'3': 2.0, '9': 1.0}"),
            row(3, "[-128, 72, -128, 72]", "[-1, -1]", "{'7': 1.0}"));
    client.insert(InsertReq.builder().collectionName(name).data(rows).build());

    for (int round = 0; round < 2; round++) {
      assertThat(search("f16", new FloatVec(new float[] {5, 6}))).containsExactly(2L, 3L, 1L);
      assertThat(search("bits", new BinaryVec(new byte[] {3, 0}))).containsExactly(2L, 1L, 3L);
      SortedMap<Long, Float> query = new TreeMap<>(Map.of(3L, 1f));
      assertThat(search("sparse", new SparseFloatVec(query))).containsExactly(2L, 1L);
      client.flush(FlushReq.builder().collectionNames(List.of(name)).build());
    }
  }

  @Test
  void timesAndShapesComeAndGoAsTexts() {
    CreateCollectionReq.CollectionSchema schema = schema();
    schema.addField(vector("v", DataType.FloatVector, 2).build());
    schema.addField(nullable("at", DataType.Timestamptz).build());
    schema.addField(nullable("shape", DataType.Geometry).build());
    create(schema, List.of(index("v", IndexParam.IndexType.FLAT, IndexParam.MetricType.L2)));
    JsonObject row =
        GSON.fromJson(
            "{id: 1, v: [1, 2], at: '2025-01-01T00:00:00+08:00', shape: 'POINT (1 2)'}",
            JsonObject.class);
    client.insert(InsertReq.builder().collectionName(name).data(List.of(row)).build());

    Map<String, Object> found = query("id == 1").getFirst().getEntity();

    assertThat(found.get("at")).isEqualTo("2024-12-31T16:00:00Z");
    assertThat(found.get("shape")).isEqualTo("POINT (1 2)");
  }

  @Test
  void structsComeBackAsTheyWent() {
    CreateCollectionReq.CollectionSchema schema = schema();
    schema.addField(vector("v", DataType.FloatVector, 2).build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("chunks")
            .dataType(DataType.Array)
            .elementType(DataType.Struct)
            .maxCapacity(3)
            .addStructField(field("text", DataType.VarChar).maxLength(8).build())
            .addStructField(field("page", DataType.Int64).build())
            .addStructField(vector("meaning", DataType.FloatVector, 2).build())
            .build());
    create(schema, List.of(index("v", IndexParam.IndexType.FLAT, IndexParam.MetricType.L2)));
    String chunks =
        "[{text: 'a', page: 1, meaning: [1, 0.5]}, {text: 'b', page: 2, meaning: [2, 0.5]}]";
    List<JsonObject> rows =
        Stream.of(
                "{id: 1, v: [1, 1], chunks: %s}".formatted(chunks),
                "{id: 2, v: [2, 2], chunks: []}")
            .map(row -> GSON.fromJson(row, JsonObject.class))
            .toList();
    client.insert(InsertReq.builder().collectionName(name).data(rows).build());

    for (int round = 0; round < 2; round++) {
      List<JsonElement> found =
          query("id > 0").stream()
              .map(row -> GSON.toJsonTree(row.getEntity().get("chunks")))
              .toList();
      assertThat(found).hasSize(2);
      assertThat(found.get(1).getAsJsonArray()).isEmpty();
      JsonObject second = found.get(0).getAsJsonArray().get(1).getAsJsonObject();
      assertThat(second.keySet()).containsExactlyInAnyOrder("text", "page", "meaning");
      assertThat(second.get("text").getAsString()).isEqualTo("b");
      assertThat(second.get("page").getAsLong()).isEqualTo(2);
      assertThat(second.get("meaning").getAsJsonArray().get(1).getAsFloat()).isEqualTo(0.5f);
      client.flush(FlushReq.builder().collectionNames(List.of(name)).build());
    }
    assertThat(
            client
                .describeCollection(DescribeCollectionReq.builder().collectionName(name).build())
                .getCollectionSchema()
                .getStructFields()
                .getFirst()
                .getName())
        .isEqualTo("chunks");
  }

  @Test
  void rowsAreDividedByTheirPartitionKey() {
    CreateCollectionReq.CollectionSchema schema = schema();
    schema.addField(vector("v", DataType.FloatVector, 2).build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("tenant")
            .dataType(DataType.VarChar)
            .maxLength(20)
            .isPartitionKey(true)
            .build());
    create(schema, List.of(index("v", IndexParam.IndexType.FLAT, IndexParam.MetricType.L2)));
    for (int i = 1; i <= 20; i++) {
      JsonObject row =
          GSON.fromJson("{id: %d, v: [1, 2], tenant: 't%d'}".formatted(i, i % 5), JsonObject.class);
      client.insert(InsertReq.builder().collectionName(name).data(List.of(row)).build());
    }

    assertThat(ids("tenant == 't3'")).containsExactly(3L, 8L, 13L, 18L);
    assertThat(ids("id > 0")).hasSize(20);
  }

  private static CreateCollectionReq.CollectionSchema schema() {
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.addField(
        AddFieldReq.builder().fieldName("id").dataType(DataType.Int64).isPrimaryKey(true).build());
    return schema;
  }

  private static AddFieldReq.AddFieldReqBuilder<?> field(String field, DataType type) {
    return AddFieldReq.builder().fieldName(field).dataType(type);
  }

  private static AddFieldReq.AddFieldReqBuilder<?> vector(
      String field, DataType type, int dimension) {
    return AddFieldReq.builder().fieldName(field).dataType(type).dimension(dimension);
  }

  private static AddFieldReq.AddFieldReqBuilder<?> nullable(String field, DataType type) {
    return AddFieldReq.builder().fieldName(field).dataType(type).isNullable(true);
  }

  private static IndexParam index(
      String field, IndexParam.IndexType type, IndexParam.MetricType metric) {
    return IndexParam.builder().fieldName(field).indexType(type).metricType(metric).build();
  }

  private void create(CreateCollectionReq.CollectionSchema schema, List<IndexParam> indexes) {
    client.createCollection(
        CreateCollectionReq.builder()
            .collectionName(name)
            .collectionSchema(schema)
            .indexParams(indexes)
            .consistencyLevel(ConsistencyLevel.STRONG)
            .build());
  }

  private static JsonObject row(long id, String f16, String bits, String sparse) {
    return GSON.fromJson(
        "{id: %d, f16: %s, bits: %s, sparse: %s}".formatted(id, f16, bits, sparse),
        JsonObject.class);
  }

  private List<QueryResp.QueryResult> query(String filter) {
    return client
        .query(
            QueryReq.builder()
                .collectionName(name)
                .filter(filter)
                .outputFields(List.of("*"))
                .build())
        .getQueryResults();
  }

  private List<Object> ids(String filter) {
    return query(filter).stream().map(row -> row.getEntity().get("id")).toList();
  }

  private List<Object> search(String field, BaseVector vector) {
    return client
        .search(
            SearchReq.builder()
                .collectionName(name)
                .annsField(field)
                .data(List.of(vector))
                .limit(3)
                .build())
        .getSearchResults()
        .getFirst()
        .stream()
        .map(SearchResp.SearchResult::getId)
        .toList();
  }
}
