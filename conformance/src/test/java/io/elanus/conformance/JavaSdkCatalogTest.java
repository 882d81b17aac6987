package io.elanus.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddCollectionFieldReq;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.AlterCollectionFieldReq;
import io.milvus.v2.service.collection.request.AlterCollectionPropertiesReq;
import io.milvus.v2.service.collection.request.BatchDescribeCollectionReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionPropertiesReq;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.collection.request.GetCollectionStatsReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.collection.request.RenameCollectionReq;
import io.milvus.v2.service.collection.request.TruncateCollectionReq;
import io.milvus.v2.service.collection.response.DescribeCollectionResp;
import io.milvus.v2.service.database.request.AlterDatabasePropertiesReq;
import io.milvus.v2.service.database.request.CreateDatabaseReq;
import io.milvus.v2.service.database.request.DescribeDatabaseReq;
import io.milvus.v2.service.database.request.DropDatabaseReq;
import io.milvus.v2.service.partition.request.CreatePartitionReq;
import io.milvus.v2.service.partition.request.DropPartitionReq;
import io.milvus.v2.service.partition.request.GetPartitionStatsReq;
import io.milvus.v2.service.partition.request.HasPartitionReq;
import io.milvus.v2.service.partition.request.ListPartitionsReq;
import io.milvus.v2.service.partition.request.ReleasePartitionsReq;
import io.milvus.v2.service.utility.request.AlterAliasReq;
import io.milvus.v2.service.utility.request.CreateAliasReq;
import io.milvus.v2.service.utility.request.DescribeAliasReq;
import io.milvus.v2.service.utility.request.DropAliasReq;
import io.milvus.v2.service.utility.request.FlushReq;
import io.milvus.v2.service.utility.request.GetPersistentSegmentInfoReq;
import io.milvus.v2.service.utility.request.ListAliasesReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.milvus.v2.service.vector.response.QueryResp;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The Java SDK's calls about collections as a whole: aliases, names, partitions, properties, counts.
@ExtendWith(SharedServer.class)
class JavaSdkCatalogTest {
  private static final Gson GSON = new Gson();

  private final String name = unique("c");
  private final String other = unique("o");
  private final String alias = unique("a");
  private final MilvusClientV2 client;

  JavaSdkCatalogTest(ElanusServer server) {
    client = new MilvusClientV2(ConnectConfig.builder().uri(server.uri()).build());
  }

  private static String unique(String prefix) {
    return prefix + "_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  }

  @BeforeEach
  void create() {
    create(name);
  }

  private void create(String collection) {
    CreateCollectionReq.CollectionSchema schema = MilvusClientV2.CreateSchema();
    schema.addField(
        AddFieldReq.builder().fieldName("id").dataType(DataType.Int64).isPrimaryKey(true).build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("vector")
            .dataType(DataType.FloatVector)
            .dimension(2)
            .build());
    schema.addField(
        AddFieldReq.builder().fieldName("title").dataType(DataType.VarChar).maxLength(50).build());
    client.createCollection(
        CreateCollectionReq.builder()
            .collectionName(collection)
            .collectionSchema(schema)
            .indexParams(
                List.of(
                    IndexParam.builder()
                        .fieldName("vector")
                        .indexType(IndexParam.IndexType.FLAT)
                        .metricType(IndexParam.MetricType.L2)
                        .build()))
            .consistencyLevel(ConsistencyLevel.STRONG)
            .build());
  }

  @AfterEach
  void drop() {
    dropQuietly(alias);
    List.of(name, other).forEach(this::dropCollection);
    client.close();
  }

  private void dropQuietly(String droppedAlias) {
    for (String collection : client.listCollections().getCollectionNames()) {
      List<String> aliases =
          client
              .listAliases(ListAliasesReq.builder().collectionName(collection).build())
              .getAlias();
      if (aliases.contains(droppedAlias)) {
        client.dropAlias(DropAliasReq.builder().alias(droppedAlias).build());
      }
    }
  }

  private void dropCollection(String collection) {
    client.dropCollection(DropCollectionReq.builder().collectionName(collection).build());
  }

  @Test
  void anAliasIsANameOfItsCollectionInEveryCall() {
    createAlias(name);
    createAlias(name);
    insert(alias, "", 0, 10);

    assertThat(count(alias)).isEqualTo(10);
    assertThat(count(name)).isEqualTo(10);
    DescribeCollectionResp described = describe(alias);
    assertThat(described.getCollectionName()).isEqualTo(alias);
    assertThat(described.getFieldNames()).containsExactly("id", "vector", "title");
    assertThat(client.describeAlias(DescribeAliasReq.builder().alias(alias).build()))
        .satisfies(found -> assertThat(found.getCollectionName()).isEqualTo(name));
    assertThatThrownBy(() -> dropCollection(alias))
        .hasMessageContaining("cannot drop the collection via alias = " + alias);
    assertThatThrownBy(() -> dropCollection(name))
        .hasMessageContaining(
            "unable to drop the collection [%s] because it has associated aliases".formatted(name));
    assertThatThrownBy(() -> rename(alias, unique("r")))
        .hasMessageContaining("unsupported use an alias to rename collection, alias:" + alias);
  }

  @Test
  void anAliasMovesToAnotherCollectionWithItsReadersAndWriters() {
    create(other);
    insert(name, "", 0, 3);
    insert(other, "", 0, 5);
    createAlias(name);
    assertThat(count(alias)).isEqualTo(3);

    assertThatThrownBy(() -> createAlias(other))
        .hasMessageContaining("%s is alias to another collection: %s".formatted(alias, name));
    client.alterAlias(AlterAliasReq.builder().alias(alias).collectionName(other).build());

    assertThat(count(alias)).isEqualTo(5);
    insert(alias, "", 5, 2);
    assertThat(count(other)).isEqualTo(7);
    assertThat(count(name)).isEqualTo(3);
    client.dropAlias(DropAliasReq.builder().alias(alias).build());
    client.dropAlias(DropAliasReq.builder().alias(alias).build());
    assertThatThrownBy(() -> client.describeAlias(DescribeAliasReq.builder().alias(alias).build()))
        .hasMessageContaining("alias not found[database=default][alias=%s]".formatted(alias));
    assertThatThrownBy(() -> count(alias)).hasMessageContaining("can't find collection");
  }

  @Test
  void aFieldThatIsAddedCanBeGivenAlone() {
    insert(name, "", 0, 4);
    client.addCollectionField(
        AddCollectionFieldReq.builder()
            .collectionName(name)
            .fieldName("pages")
            .dataType(DataType.Int64)
            .isNullable(true)
            .defaultValue(1L)
            .build());
    assertThat(describe(name).getFieldNames()).containsExactly("id", "vector", "title", "pages");
    insert(name, "", 4, 2);

    JsonObject pages = new JsonObject();
    pages.addProperty("id", 2);
    pages.addProperty("pages", 300);
    client.upsert(
        UpsertReq.builder().collectionName(name).data(List.of(pages)).partialUpdate(true).build());

    List<Map<String, Object>> rows =
        client
            .query(
                QueryReq.builder()
                    .collectionName(name)
                    .filter("id >= 0")
                    .outputFields(List.of("title", "pages"))
                    .consistencyLevel(ConsistencyLevel.STRONG)
                    .build())
            .getQueryResults()
            .stream()
            .map(QueryResp.QueryResult::getEntity)
            .toList();
    assertThat(rows.stream().map(row -> row.get("pages")))
        .containsExactly(1L, 1L, 300L, 1L, 1L, 1L);
    assertThat(rows.get(2).get("title")).isEqualTo("title 2");
  }

  @Test
  void aRenamedCollectionKeepsItsRowsAndLeavesItsName() {
    insert(name, "", 0, 4);

    rename(name, other);

    assertThat(count(other)).isEqualTo(4);
    assertThat(has(name)).isFalse();
    create(name);
    assertThat(count(name)).isZero();
    assertThatThrownBy(() -> rename(other, name))
        .hasMessageContaining(
            "duplicated new collection name %s in database default with other collection name or"
                    .formatted(name)
                + " alias");
  }

  @Test
  void aCollectionMovesToAnotherDatabase() {
    String database = unique("d");
    client.createDatabase(CreateDatabaseReq.builder().databaseName(database).build());
    insert(name, "", 0, 4);

    client.renameCollection(
        RenameCollectionReq.builder()
            .collectionName(name)
            .newCollectionName(name)
            .targetDbName(database)
            .build());

    assertThat(has(name)).isFalse();
    assertThatThrownBy(
            () -> client.dropDatabase(DropDatabaseReq.builder().databaseName(database).build()))
        .hasMessageContaining("must drop all collections before drop database");
    client.alterDatabaseProperties(
        AlterDatabasePropertiesReq.builder()
            .databaseName(database)
            .property("database.replica.number", "1")
            .build());
    assertThat(
            client
                .describeDatabase(DescribeDatabaseReq.builder().databaseName(database).build())
                .getProperties())
        .containsEntry("database.replica.number", "1");
    client.renameCollection(
        RenameCollectionReq.builder()
            .databaseName(database)
            .collectionName(name)
            .newCollectionName(name)
            .targetDbName("default")
            .build());
    assertThat(count(name)).isEqualTo(4);
    client.dropDatabase(DropDatabaseReq.builder().databaseName(database).build());
  }

  @Test
  void aTruncatedCollectionIsEmptyAndGoesOn() {
    insert(name, "", 0, 50);
    client.flush(FlushReq.builder().collectionNames(List.of(name)).build());
    insert(name, "", 50, 50);
    assertThat(rowCount()).isEqualTo(100);

    client.truncateCollection(TruncateCollectionReq.builder().collectionName(name).build());

    assertThat(count(name)).isZero();
    assertThat(rowCount()).isZero();
    insert(name, "", 0, 7);
    assertThat(count(name)).isEqualTo(7);
    client.flush(FlushReq.builder().collectionNames(List.of(name)).build());
    assertThat(count(name)).isEqualTo(7);
    assertThat(rowCount()).isEqualTo(7);
    assertThat(
            client
                .getPersistentSegmentInfo(
                    GetPersistentSegmentInfoReq.builder().collectionName(name).build())
                .getSegmentInfos())
        .singleElement()
        .satisfies(segment -> assertThat(segment.getNumOfRows()).isEqualTo(7L));
  }

  @Test
  void partitionsHoldTheirRows() {
    createPartition("p1");
    createPartition("p1");
    createPartition("p2");
    insert(name, "p1", 0, 10);
    insert(name, "p2", 10, 20);
    insert(name, "", 30, 30);

    assertThat(client.listPartitions(ListPartitionsReq.builder().collectionName(name).build()))
        .containsExactly("_default", "p1", "p2");
    assertThat(hasPartition("p1")).isTrue();
    assertThat(hasPartition("p3")).isFalse();
    assertThat(count(name, "p1")).isEqualTo(10);
    assertThat(count(name, "p1", "p2")).isEqualTo(30);
    assertThat(count(name)).isEqualTo(60);
    assertThat(partitionRows("p2")).isEqualTo(20);
    client.flush(FlushReq.builder().collectionNames(List.of(name)).build());
    assertThat(partitionRows("p2")).isEqualTo(20);
    assertThatThrownBy(() -> insert(name, "p3", 0, 1))
        .hasMessageContaining("partition name p3 not found");
    assertThatThrownBy(() -> count(name, "p3")).hasMessageContaining("partition name p3 not found");
    assertThatThrownBy(() -> createPartition("p!"))
        .hasMessageContaining("Partition name can only contain numbers, letters and underscores");

    assertThatThrownBy(() -> dropPartition("p1"))
        .hasMessageContaining(
            "partition cannot be dropped, partition is loaded, please release it first");
    client.releasePartitions(
        ReleasePartitionsReq.builder().collectionName(name).partitionNames(List.of("p1")).build());
    assertThatThrownBy(() -> count(name, "p1")).hasMessageContaining("partition not loaded");
    dropPartition("p1");
    dropPartition("p1");
    assertThatThrownBy(() -> dropPartition("_default"))
        .hasMessageContaining("default partition cannot be deleted");
    assertThat(count(name)).isEqualTo(50);
    assertThat(rowCount()).isEqualTo(50);
    createPartition("p1");
    assertThat(count(name, "p1")).isZero();
  }

  @Test
  void propertiesAreSetAndRemoved() {
    alter(Map.of("collection.ttl.seconds", "3600"));
    assertThat(describe(name).getProperties()).containsEntry("collection.ttl.seconds", "3600");
    client.dropCollectionProperties(
        DropCollectionPropertiesReq.builder()
            .collectionName(name)
            .propertyKeys(List.of("collection.ttl.seconds"))
            .build());
    assertThat(describe(name).getProperties()).doesNotContainKey("collection.ttl.seconds");
    assertThatThrownBy(() -> alter(Map.of("mmap.enabled", "true")))
        .hasMessageContaining("can not alter mmap properties if collection loaded");
    assertThatThrownBy(() -> alter(Map.of("timezone", "Moon/Base")))
        .hasMessageContaining("unknown or invalid IANA Time Zone ID: Moon/Base");

    client.alterCollectionField(
        AlterCollectionFieldReq.builder()
            .collectionName(name)
            .fieldName("title")
            .property("max_length", "5")
            .build());
    assertThatThrownBy(() -> insert(name, "", 100, 1)).hasMessageContaining("max_length");
  }

  @Test
  void collectionsAreDescribedTogether() {
    create(other);

    assertThat(
            client.batchDescribeCollection(
                BatchDescribeCollectionReq.builder().collectionNames(List.of(name, other)).build()))
        .extracting(DescribeCollectionResp::getCollectionName)
        .containsExactly(name, other);
    assertThat(client.checkHealth().getIsHealthy()).isTrue();
  }

  private void createAlias(String collection) {
    client.createAlias(CreateAliasReq.builder().alias(alias).collectionName(collection).build());
  }

  private void rename(String from, String to) {
    client.renameCollection(
        RenameCollectionReq.builder().collectionName(from).newCollectionName(to).build());
  }

  private boolean has(String collection) {
    return client.hasCollection(HasCollectionReq.builder().collectionName(collection).build());
  }

  private DescribeCollectionResp describe(String collection) {
    return client.describeCollection(
        DescribeCollectionReq.builder().collectionName(collection).build());
  }

  private void alter(Map<String, String> properties) {
    client.alterCollectionProperties(
        AlterCollectionPropertiesReq.builder().collectionName(name).properties(properties).build());
  }

  private void createPartition(String partition) {
    client.createPartition(
        CreatePartitionReq.builder().collectionName(name).partitionName(partition).build());
  }

  private void dropPartition(String partition) {
    client.dropPartition(
        DropPartitionReq.builder().collectionName(name).partitionName(partition).build());
  }

  private boolean hasPartition(String partition) {
    return client.hasPartition(
        HasPartitionReq.builder().collectionName(name).partitionName(partition).build());
  }

  private long partitionRows(String partition) {
    return client
        .getPartitionStats(
            GetPartitionStatsReq.builder().collectionName(name).partitionName(partition).build())
        .getNumOfEntities();
  }

  private long rowCount() {
    return client
        .getCollectionStats(GetCollectionStatsReq.builder().collectionName(name).build())
        .getNumOfEntities();
  }

  private void insert(String collection, String partition, int first, int count) {
    client.insert(
        InsertReq.builder()
            .collectionName(collection)
            .partitionName(partition)
            .data(IntStream.range(first, first + count).mapToObj(JavaSdkCatalogTest::row).toList())
            .build());
  }

  private static JsonObject row(int key) {
    JsonObject row = new JsonObject();
    row.addProperty("id", key);
    row.add("vector", GSON.toJsonTree(List.of((float) key, 1f)));
    row.addProperty("title", "title " + key);
    return row;
  }

  private long count(String collection, String... partitions) {
    return (Long)
        Objects.requireNonNull(
            client
                .query(
                    QueryReq.builder()
                        .collectionName(collection)
                        .partitionNames(List.of(partitions))
                        .filter("")
                        .outputFields(List.of("count(*)"))
                        .consistencyLevel(ConsistencyLevel.STRONG)
                        .build())
                .getQueryResults()
                .getFirst()
                .getEntity()
                .get("count(*)"));
  }
}
