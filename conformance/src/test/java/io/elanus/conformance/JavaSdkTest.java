package io.elanus.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.milvus.orm.iterator.QueryIterator;
import io.milvus.orm.iterator.SearchIteratorV2;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.CompactionState;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.AlterCollectionPropertiesReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.collection.request.GetLoadStateReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import io.milvus.v2.service.collection.request.ReleaseCollectionReq;
import io.milvus.v2.service.collection.response.DescribeCollectionResp;
import io.milvus.v2.service.index.request.CreateIndexReq;
import io.milvus.v2.service.index.request.DescribeIndexReq;
import io.milvus.v2.service.index.request.DropIndexReq;
import io.milvus.v2.service.utility.request.CompactReq;
import io.milvus.v2.service.utility.request.FlushReq;
import io.milvus.v2.service.utility.request.GetCompactionPlansReq;
import io.milvus.v2.service.utility.request.GetCompactionStateReq;
import io.milvus.v2.service.vector.request.DeleteReq;
import io.milvus.v2.service.vector.request.GetReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvus.v2.service.vector.request.QueryIteratorReq;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.request.SearchIteratorReqV2;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.response.GetResp;
import io.milvus.v2.service.vector.response.SearchResp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The Java SDK's `MilvusClientV2`: what an application does first.
@ExtendWith(SharedServer.class)
class JavaSdkTest {
  private static final Gson GSON = new Gson();
  private static final int DIMENSION = 4;

  private final String name = "c_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  private final MilvusClientV2 client;

  JavaSdkTest(ElanusServer server) {
    client =
        new MilvusClientV2(
            ConnectConfig.builder()
                .uri(server.uri())
                .token(server.token().isEmpty() ? null : server.token())
                .build());
  }

  @BeforeEach
  void create() {
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.setEnableDynamicField(true);
    schema.addField(
        AddFieldReq.builder().fieldName("id").dataType(DataType.Int64).isPrimaryKey(true).build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("vector")
            .dataType(DataType.FloatVector)
            .dimension(DIMENSION)
            .build());
    schema.addField(
        AddFieldReq.builder().fieldName("title").dataType(DataType.VarChar).maxLength(50).build());
    schema.addField(AddFieldReq.builder().fieldName("year").dataType(DataType.Int64).build());
    client.createCollection(
        CreateCollectionReq.builder()
            .collectionName(name)
            .collectionSchema(schema)
            .indexParams(List.of(hnsw()))
            .consistencyLevel(ConsistencyLevel.STRONG)
            .build());
  }

  @AfterEach
  void drop() {
    client.dropCollection(DropCollectionReq.builder().collectionName(name).build());
    client.close();
  }

  @Test
  void theServerNamesItself() {
    assertThat(client.getServerVersion()).startsWith("v3.");
    assertThat(client.listDatabases().getDatabaseNames()).contains("default");
  }

  @Test
  void aCollectionIsDescribedAsItWasMade() {
    DescribeCollectionResp described =
        client.describeCollection(DescribeCollectionReq.builder().collectionName(name).build());

    assertThat(described.getCollectionName()).isEqualTo(name);
    assertThat(described.getFieldNames()).containsExactly("id", "vector", "title", "year");
    assertThat(described.getPrimaryFieldName()).isEqualTo("id");
    assertThat(described.getEnableDynamicField()).isTrue();
    assertThat(client.hasCollection(HasCollectionReq.builder().collectionName(name).build()))
        .isTrue();
    assertThat(client.hasCollection(HasCollectionReq.builder().collectionName("nosuch").build()))
        .isFalse();
    assertThat(client.listCollections().getCollectionNames()).contains(name);
  }

  @Test
  void rowsAreInsertedReadChangedAndDeleted() {
    insert(0, 100);
    assertThat(count("")).isEqualTo(100);

    GetResp got =
        client.get(
            GetReq.builder()
                .collectionName(name)
                .ids(List.of(7L))
                .outputFields(List.of("title", "year", "colour", "vector"))
                .build());
    Map<String, Object> row = got.getGetResults().getFirst().getEntity();
    assertThat(row).containsEntry("title", "title 7").containsEntry("year", 1907L);
    assertThat(row.get("vector")).isEqualTo(vector(7));

    JsonObject changed = row(7);
    changed.addProperty("title", "changed");
    assertThat(
            client
                .upsert(UpsertReq.builder().collectionName(name).data(List.of(changed)).build())
                .getUpsertCnt())
        .isEqualTo(1);
    assertThat(query("title == \"changed\"")).containsExactly(7L);

    client.delete(DeleteReq.builder().collectionName(name).ids(List.of(1L, 2L)).build());
    client.delete(DeleteReq.builder().collectionName(name).filter("year >= 1990").build());
    assertThat(count("")).isEqualTo(88);
  }

  @Test
  void filtersSelectRows() {
    insert(0, 100);

    assertThat(query("year > 1995 and title like \"title%\"")).containsExactly(96L, 97L, 98L, 99L);
    assertThat(query("id in [3, 5] or year == 1950")).containsExactly(3L, 5L, 50L);
    assertThat(query("colour == \"c1\" and id < 10")).containsExactly(1L, 4L, 7L);
  }

  @Test
  void searchFindsTheNearestBeforeAndAfterAFlush() {
    insert(0, 2000);
    assertNearest(42);

    client.flush(FlushReq.builder().collectionNames(List.of(name)).build());
    assertNearest(42);

    insert(2000, 10);
    assertNearest(2005);
    client.releaseCollection(ReleaseCollectionReq.builder().collectionName(name).build());
    client.loadCollection(LoadCollectionReq.builder().collectionName(name).build());
    assertThat(client.getLoadState(GetLoadStateReq.builder().collectionName(name).build()))
        .isTrue();
    assertNearest(2005);
  }

  @Test
  void indexesAreDescribedAndDropped() {
    var described =
        client
            .describeIndex(
                DescribeIndexReq.builder().collectionName(name).fieldName("vector").build())
            .getIndexDescriptions()
            .getFirst();
    assertThat(described.getIndexType()).isEqualTo(IndexParam.IndexType.HNSW);
    assertThat(described.getMetricType()).isEqualTo(IndexParam.MetricType.L2);

    client.releaseCollection(ReleaseCollectionReq.builder().collectionName(name).build());
    client.dropIndex(DropIndexReq.builder().collectionName(name).fieldName("vector").build());
    assertThatThrownBy(
            () -> client.loadCollection(LoadCollectionReq.builder().collectionName(name).build()))
        .hasMessageContaining("index not found");
    client.createIndex(
        CreateIndexReq.builder().collectionName(name).indexParams(List.of(hnsw())).build());
  }

  @Test
  void segmentsAreCompactedAndNothingIsMissing() throws InterruptedException {
    for (int first = 0; first < 300; first += 100) {
      insert(first, 100);
      client.flush(FlushReq.builder().collectionNames(List.of(name)).build());
    }
    client.delete(DeleteReq.builder().collectionName(name).filter("id < 50").build());
    client.flush(FlushReq.builder().collectionNames(List.of(name)).build());

    long id = compact();
    awaitCompacted(id);

    var plans =
        client
            .getCompactionPlans(GetCompactionPlansReq.builder().compactionID(id).build())
            .getPlans();
    assertThat(plans).isNotEmpty();
    assertThat(plans.getFirst().getSources()).isNotEmpty();
    assertThat(count("")).isEqualTo(250);
    assertNearest(142);
    assertThat(compact()).as("nothing is left to do").isEqualTo(-1);
    awaitCompacted(-1);
    assertThatThrownBy(
            () -> client.compact(CompactReq.builder().collectionName(name).targetSize(1L).build()))
        .hasMessageContaining("targetSize 1 MB should be greater than or equal to configMaxSize");
  }

  private long compact() {
    return client.compact(CompactReq.builder().collectionName(name).build()).getCompactionID();
  }

  private void awaitCompacted(long id) throws InterruptedException {
    GetCompactionStateReq request = GetCompactionStateReq.builder().compactionID(id).build();
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (client.getCompactionState(request).getState() != CompactionState.Completed) {
      assertThat(System.nanoTime()).as("within a minute").isLessThan(end);
      Thread.sleep(100);
    }
  }

  @Test
  void rowsOutliveTheirTimeToLiveNoLonger() throws InterruptedException {
    String mortal = name + "_ttl";
    client.createCollection(
        CreateCollectionReq.builder()
            .collectionName(mortal)
            .dimension(DIMENSION)
            .consistencyLevel(ConsistencyLevel.STRONG)
            .build());
    // this SDK sends no properties with a collection made in short form
    client.alterCollectionProperties(
        AlterCollectionPropertiesReq.builder()
            .collectionName(mortal)
            .property("collection.ttl.seconds", "3")
            .build());
    try {
      JsonObject row = new JsonObject();
      row.addProperty("id", 1);
      row.add("vector", GSON.toJsonTree(vector(1)));
      client.insert(InsertReq.builder().collectionName(mortal).data(List.of(row)).build());
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!client
          .get(GetReq.builder().collectionName(mortal).ids(List.of(1L)).build())
          .getGetResults()
          .isEmpty()) {
        assertThat(System.nanoTime()).as("within a minute").isLessThan(end);
        Thread.sleep(200);
      }
    } finally {
      client.dropCollection(DropCollectionReq.builder().collectionName(mortal).build());
    }
  }

  @Test
  void errorsSayWhatIsWrong() {
    assertThatThrownBy(() -> query("year ==")).hasMessageContaining("cannot parse expression");
    assertThatThrownBy(() -> query("nosuch(1)")).hasMessageContaining("cannot parse expression");
    assertThatThrownBy(() ->
            client.describeCollection(
                DescribeCollectionReq.builder().collectionName("nosuch").build()))
        .hasMessageContaining("can't find collection");
  }

  private void assertNearest(int key) {
    SearchResp found =
        client.search(
            SearchReq.builder()
                .collectionName(name)
                .data(List.of(new FloatVec(vector(key))))
                .limit(3)
                .outputFields(List.of("title"))
                .searchParams(Map.of("ef", 100))
                .build());
    SearchResp.SearchResult first = found.getSearchResults().getFirst().getFirst();
    assertThat(found.getSearchResults().getFirst()).hasSize(3);
    assertThat(first.getId()).isEqualTo((long) key);
    assertThat(first.getScore()).isCloseTo(0f, within(1e-4f));
    assertThat(first.getEntity()).containsEntry("title", "title " + key);
  }

  @Test
  void iteratorsSeeOneState() {
    insert(0, 300);
    QueryIterator rows =
        client.queryIterator(
            QueryIteratorReq.builder()
                .collectionName(name)
                .expr("id >= 0")
                .outputFields(List.of("id"))
                .batchSize(70)
                .offset(20)
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build());
    SearchIteratorV2 hits =
        client.searchIteratorV2(
            SearchIteratorReqV2.builder()
                .collectionName(name)
                .vectorFieldName("vector")
                .metricType(IndexParam.MetricType.L2)
                .vectors(List.of(new FloatVec(vector(42))))
                .batchSize(70)
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build());
    List<Long> found = new ArrayList<>(ids(hits.next()));
    client.delete(DeleteReq.builder().collectionName(name).filter("id < 200").build());
    client.flush(FlushReq.builder().collectionNames(List.of(name)).build());
    insert(1_000, 10);

    List<Long> read = new ArrayList<>();
    for (var page = rows.next(); !page.isEmpty(); page = rows.next()) {
      page.forEach(row -> read.add((Long) row.get("id")));
    }
    for (List<Long> page = ids(hits.next()); !page.isEmpty(); page = ids(hits.next())) {
      found.addAll(page);
    }

    assertThat(read).isEqualTo(LongStream.range(20, 300).boxed().toList());
    assertThat(found).hasSize(300).doesNotHaveDuplicates();
    assertThat(found.getFirst()).isEqualTo(42L);
    assertThat(count("")).isEqualTo(110);
  }

  private static List<Long> ids(List<SearchResp.SearchResult> hits) {
    return hits.stream().map(hit -> (Long) hit.getId()).toList();
  }

  private void insert(int first, int count) {
    var inserted =
        client.insert(
            InsertReq.builder()
                .collectionName(name)
                .data(IntStream.range(first, first + count).mapToObj(JavaSdkTest::row).toList())
                .build());
    assertThat(inserted.getInsertCnt()).isEqualTo(count);
  }

  private List<Long> query(String filter) {
    return client
        .query(
            QueryReq.builder()
                .collectionName(name)
                .filter(filter)
                .outputFields(List.of("id"))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build())
        .getQueryResults()
        .stream()
        .map(result -> (Long) Objects.requireNonNull(result.getEntity().get("id")))
        .toList();
  }

  private long count(String filter) {
    return (Long)
        Objects.requireNonNull(
            client
                .query(
                    QueryReq.builder()
                        .collectionName(name)
                        .filter(filter)
                        .outputFields(List.of("count(*)"))
                        .consistencyLevel(ConsistencyLevel.STRONG)
                        .build())
                .getQueryResults()
                .getFirst()
                .getEntity()
                .get("count(*)"));
  }

  private static IndexParam hnsw() {
    return IndexParam.builder()
        .fieldName("vector")
        .indexName("vector")
        .indexType(IndexParam.IndexType.HNSW)
        .metricType(IndexParam.MetricType.L2)
        .extraParams(Map.of("M", 16, "efConstruction", 100))
        .build();
  }

  private static JsonObject row(int key) {
    JsonObject row = new JsonObject();
    row.addProperty("id", key);
    row.add("vector", GSON.toJsonTree(vector(key)));
    row.addProperty("title", "title " + key);
    row.addProperty("year", 1900 + key);
    row.addProperty("colour", "c" + key % 3);
    return row;
  }

  private static List<Float> vector(int key) {
    return List.of((float) Math.sin(key), (float) Math.cos(key), key / 100f, 1f);
  }
}
