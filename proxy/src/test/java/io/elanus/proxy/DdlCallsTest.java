package io.elanus.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.proto.milvus.AddCollectionFieldRequest;
import io.elanus.proto.milvus.AlterAliasRequest;
import io.elanus.proto.milvus.AlterCollectionFieldRequest;
import io.elanus.proto.milvus.AlterCollectionRequest;
import io.elanus.proto.milvus.AlterCollectionSchemaRequest;
import io.elanus.proto.milvus.AlterIndexRequest;
import io.elanus.proto.milvus.CreateAliasRequest;
import io.elanus.proto.milvus.CreatePartitionRequest;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.DescribeAliasRequest;
import io.elanus.proto.milvus.DescribeCollectionRequest;
import io.elanus.proto.milvus.DescribeCollectionResponse;
import io.elanus.proto.milvus.DropAliasRequest;
import io.elanus.proto.milvus.DropPartitionRequest;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.GetPartitionStatisticsRequest;
import io.elanus.proto.milvus.GetPersistentSegmentInfoRequest;
import io.elanus.proto.milvus.HasPartitionRequest;
import io.elanus.proto.milvus.ListAliasesRequest;
import io.elanus.proto.milvus.RenameCollectionRequest;
import io.elanus.proto.milvus.SegmentState;
import io.elanus.proto.milvus.Status;
import io.elanus.proto.milvus.TruncateCollectionRequest;
import io.elanus.proxy.service.AliasService;
import io.elanus.proxy.service.AlterService;
import io.elanus.proxy.service.CollectionService;
import io.elanus.proxy.service.IndexService;
import io.elanus.proxy.service.PartitionService;
import io.elanus.proxy.service.StatisticsService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Changes of collections that are there: what is checked here, and what names mean afterwards.
class DdlCallsTest {
  private static final String NAME = FilmApi.NAME;

  private final MemoryCluster cluster = new MemoryCluster();
  private final FilmApi films = new FilmApi(cluster);
  private final AliasService aliases = cluster.service(AliasService.class);
  private final AlterService alter = cluster.service(AlterService.class);
  private final PartitionService partitions = cluster.service(PartitionService.class);
  private final StatisticsService statistics = cluster.service(StatisticsService.class);

  @BeforeEach
  void create() {
    films.create(1, false);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void aCollectionAnswersToItsAlias() {
    createAlias("a");

    DescribeCollectionResponse described = describe("a");

    assertThat(described.getCollectionName()).isEqualTo("a");
    assertThat(described.getSchema().getName()).isEqualTo(NAME);
    assertThat(described.getAliasesList()).containsExactly("a");
    assertThat(describeAlias("a")).isEqualTo(NAME);
    assertThat(list("")).isEqualTo(list(NAME)).isEqualTo("[a]");
  }

  @Test
  void anAliasIsRefusedInMilvussWords() {
    assertThatThrownBy(() -> createAlias("1a"))
        .hasMessageStartingWith(
            "Invalid collection alias: 1a. the first character of a collection alias must be an"
                + " underscore or letter");
    assertThatThrownBy(() -> describeAlias("x"))
        .hasMessage("alias not found[database=default][alias=x]");
    assertThatThrownBy(() -> describeAlias(NAME))
        .as("a collection's own name")
        .hasMessage("alias not found[database=default][alias=%s]".formatted(NAME));
    assertThatThrownBy(() -> list("x")).hasMessage("collection not found[collection=x]");
  }

  @Test
  void anAliasThatMovedIsLookedUpAnew() {
    createAlias("a");
    describe("a");
    dropAlias("a");
    dropAlias("a");

    assertThatThrownBy(() -> describe("a")).hasMessageContaining("can't find collection");
    assertThatThrownBy(() ->
            cluster.call(() ->
                aliases.alterAlias(
                    AlterAliasRequest.newBuilder().setAlias("a").setCollectionName(NAME).build())))
        .hasMessageContaining("alias not found");
  }

  private void dropAlias(String alias) {
    cluster.call(() -> aliases.dropAlias(DropAliasRequest.newBuilder().setAlias(alias).build()));
  }

  @Test
  void aRenamedCollectionIsFoundByItsNewNameOnly() {
    long id = describe(NAME).getCollectionID();

    rename(NAME, "movies");

    assertThat(describe("movies").getCollectionID()).isEqualTo(id);
    assertThatThrownBy(() -> describe(NAME)).hasMessageContaining("can't find collection");
    assertThatThrownBy(() -> rename("movies", "m!"))
        .hasMessageStartingWith("Invalid collection name: m!.");
    assertThatThrownBy(() -> rename("movies", ""))
        .hasMessageStartingWith("collection name should not be empty");
  }

  @Test
  void aTruncateNeedsItsCollection() {
    TruncateCollectionRequest.Builder request = TruncateCollectionRequest.newBuilder();

    cluster.call(() -> alter.truncateCollection(request.setCollectionName(NAME).build()));

    assertThatThrownBy(() ->
            cluster.call(() -> alter.truncateCollection(request.setCollectionName("x").build())))
        .hasMessageContaining("can't find collection");
  }

  @Test
  void partitionsAreMadeAndDropped() {
    createPartition("2024-07");
    createPartition("2024-07");
    assertThat(hasPartition("2024-07")).isTrue();

    dropPartition("2024-07");

    assertThat(hasPartition("2024-07")).isFalse();
    dropPartition("2024-07");
    assertThatThrownBy(() -> dropPartition("_default"))
        .hasMessageStartingWith("default partition cannot be deleted");
    assertThatThrownBy(() -> createPartition(" "))
        .hasMessageStartingWith("Invalid partition name: . Partition name should not be empty.");
    assertThatThrownBy(() -> createPartition("p.1"))
        .hasMessageStartingWith(
            "Invalid partition name: p.1. Partition name can only contain numbers, letters and"
                + " underscores.");
    assertThatThrownBy(() -> createPartition("-p"))
        .hasMessageStartingWith(
            "Invalid partition name: -p. The first character of a partition name must be an"
                + " underscore or letter.");
  }

  @Test
  void aPartitionThatIsNotThereHasNoStatistics() {
    assertThatThrownBy(() ->
            cluster.call(() ->
                statistics.getPartitionStatistics(
                    GetPartitionStatisticsRequest.newBuilder()
                        .setCollectionName(NAME)
                        .setPartitionName("x")
                        .build())))
        .hasMessageContaining("partition name x not found");
  }

  @Test
  void segmentsInTheBucketAreListed() {
    var segments =
        cluster.call(() ->
            statistics.getPersistentSegmentInfo(
                GetPersistentSegmentInfoRequest.newBuilder().setCollectionName(NAME).build()));

    assertThat(segments.getInfosList())
        .singleElement()
        .satisfies(segment -> {
          assertThat(segment.getNumRows()).isEqualTo(5);
          assertThat(segment.getState()).isEqualTo(SegmentState.Flushed);
        });
  }

  @Test
  void propertiesThatAreKnownAreChecked() {
    alterCollection("collection.ttl.seconds", "60");
    assertThat(describe(NAME).getPropertiesList())
        .containsExactly(Requests.pair("collection.ttl.seconds", "60"));

    assertThatThrownBy(() -> alterCollection("collection.ttl.seconds", "x"))
        .hasMessageStartingWith("collection.ttl.seconds should be an integer, but got x");
    assertThatThrownBy(() -> alterCollection("collection.ttl.seconds", "-2"))
        .hasMessageStartingWith("collection TTL is out of range, expect [-1, 3155760000], got -2");
    assertThatThrownBy(() -> alterCollection("mmap.enabled", "yes"))
        .hasMessageStartingWith("invalid mmap.enabled value: yes, expected: true, false");
    assertThatThrownBy(() -> alterCollection("timezone", "Moon/Base"))
        .hasMessageStartingWith("unknown or invalid IANA Time Zone ID: Moon/Base");
    assertThatThrownBy(() -> alterCollection("allow_insert_auto_id", "true"))
        .hasMessageStartingWith(
            "the value for allow_insert_auto_id must be false when autoID is false");
    assertThatThrownBy(() ->
            alterCollection(
                AlterCollectionRequest.newBuilder()
                    .addProperties(Requests.pair("k", "v"))
                    .addDeleteKeys("k")))
        .hasMessageStartingWith("cannot provide both DeleteKeys and ExtraParams");
    assertThatThrownBy(() -> alterCollection(AlterCollectionRequest.newBuilder()))
        .hasMessageStartingWith("no properties or delete keys provided");
  }

  @Test
  void howFilesAreOpenedDoesNotChangeWhileTheyAre() {
    films.index();
    films.load();

    assertThatThrownBy(() -> alterCollection("mmap.enabled", "true"))
        .hasMessage(
            "can not alter mmap properties if collection loaded: collection already"
                + " loaded[collection=films]");
    assertThatThrownBy(() -> alterIndex("mmap.enabled"))
        .hasMessage(
            "can't alter index on loaded collection, please release the collection first:"
                + " collection already loaded[collection=films]");
    assertThatThrownBy(() -> alterIndex("metric_type"))
        .hasMessageStartingWith("metric_type is not a configable index property");
  }

  @Test
  void parametersOfFieldsAreChecked() {
    assertThatThrownBy(() -> alterField("title", "dim", "8"))
        .hasMessageStartingWith("dim does not allow update in collection field param");
    assertThatThrownBy(() -> alterField("v", "max_length", "8"))
        .hasMessageStartingWith("v can not modify the maxlength for non-string types");
    assertThatThrownBy(() -> alterField("title", "max_length", "99999"))
        .hasMessageStartingWith("99999 exceeds the maximum allowed value 65535");
    assertThatThrownBy(() -> alterField("title", "max_capacity", "9"))
        .hasMessageStartingWith("title can not modify the maxcapacity for non-array types");
  }

  @Test
  void anAddedFieldMustBeNullable() {
    FieldSchema.Builder field =
        FieldSchema.newBuilder().setName("more").setDataType(DataType.Int64);

    assertThatThrownBy(() -> add(field))
        .hasMessageStartingWith("added field must be nullable, please check it, field name = more");
    assertThatThrownBy(() -> add(field.clone().setIsPrimaryKey(true)))
        .hasMessageStartingWith("not support to add pk field, field name = more");
    assertThatThrownBy(() -> add(field.clone().setNullable(true).setName("title")))
        .hasMessageStartingWith("duplicate field name: title");
  }

  @Test
  void aFieldIsAddedByEitherCall() {
    long updated = describe(NAME).getUpdateTimestamp();
    FieldSchema.Builder field =
        FieldSchema.newBuilder().setName("more").setDataType(DataType.Int64).setNullable(true);
    add(field);
    cluster.call(() ->
        alter.alterCollectionSchema(
            AlterCollectionSchemaRequest.newBuilder()
                .setCollectionName(NAME)
                .setAction(
                    AlterCollectionSchemaRequest.Action.newBuilder()
                        .setAddRequest(
                            AlterCollectionSchemaRequest.AddRequest.newBuilder()
                                .addFieldInfos(
                                    AlterCollectionSchemaRequest.FieldInfo.newBuilder()
                                        .setFieldSchema(field.clone().setName("evenMore")))))
                .build()));

    assertThat(describe(NAME).getUpdateTimestamp()).isNotEqualTo(updated);
    assertThat(describe(NAME).getSchema().getFieldsList().stream().map(FieldSchema::getName))
        .contains("more", "evenMore");
  }

  @Test
  void undeclaredKeysCannotBeForbiddenAgain() {
    assertThatThrownBy(() ->
            alterCollection(
                AlterCollectionRequest.newBuilder()
                    .addProperties(Requests.pair("dynamicfield.enabled", "true"))
                    .addProperties(Requests.pair("collection.ttl.seconds", "60"))))
        .hasMessageStartingWith("cannot alter dynamic schema with other properties");
    alterCollection("dynamicfield.enabled", "true");
    alterCollection("dynamicfield.enabled", "true");

    assertThat(describe(NAME).getSchema().getEnableDynamicField()).isTrue();
    assertThatThrownBy(() -> alterCollection("dynamicfield.enabled", "false"))
        .hasMessageStartingWith("dynamic schema cannot supported to be disabled");
  }

  private Status add(FieldSchema.Builder field) {
    return cluster.call(() ->
        alter.addCollectionField(
            AddCollectionFieldRequest.newBuilder()
                .setCollectionName(NAME)
                .setSchema(field.build().toByteString())
                .build()));
  }

  private void createAlias(String alias) {
    cluster.call(() ->
        aliases.createAlias(
            CreateAliasRequest.newBuilder().setAlias(alias).setCollectionName(NAME).build()));
  }

  private String describeAlias(String alias) {
    return cluster
        .call(
            () -> aliases.describeAlias(DescribeAliasRequest.newBuilder().setAlias(alias).build()))
        .getCollection();
  }

  private String list(String collection) {
    return cluster
        .call(() ->
            aliases.listAliases(
                ListAliasesRequest.newBuilder().setCollectionName(collection).build()))
        .getAliasesList()
        .toString();
  }

  private DescribeCollectionResponse describe(String name) {
    return cluster.call(() ->
        cluster
            .service(CollectionService.class)
            .describeCollection(
                DescribeCollectionRequest.newBuilder().setCollectionName(name).build()));
  }

  private void rename(String from, String to) {
    cluster.call(() ->
        alter.renameCollection(
            RenameCollectionRequest.newBuilder().setOldName(from).setNewName(to).build()));
  }

  private void createPartition(String name) {
    cluster.call(() ->
        partitions.createPartition(
            CreatePartitionRequest.newBuilder()
                .setCollectionName(NAME)
                .setPartitionName(name)
                .build()));
  }

  private void dropPartition(String name) {
    cluster.call(() ->
        partitions.dropPartition(
            DropPartitionRequest.newBuilder()
                .setCollectionName(NAME)
                .setPartitionName(name)
                .build()));
  }

  private boolean hasPartition(String name) {
    return cluster
        .call(() ->
            partitions.hasPartition(
                HasPartitionRequest.newBuilder()
                    .setCollectionName(NAME)
                    .setPartitionName(name)
                    .build()))
        .getValue();
  }

  private void alterCollection(String key, String value) {
    alterCollection(AlterCollectionRequest.newBuilder().addProperties(Requests.pair(key, value)));
  }

  private void alterCollection(AlterCollectionRequest.Builder request) {
    cluster.call(() -> alter.alterCollection(request.setCollectionName(NAME).build()));
  }

  private void alterIndex(String param) {
    cluster.call(() ->
        cluster
            .service(IndexService.class)
            .alterIndex(
                AlterIndexRequest.newBuilder()
                    .setCollectionName(NAME)
                    .setIndexName("v")
                    .addExtraParams(Requests.pair(param, "true"))
                    .build()));
  }

  private void alterField(String field, String key, String value) {
    cluster.call(() ->
        alter.alterCollectionField(
            AlterCollectionFieldRequest.newBuilder()
                .setCollectionName(NAME)
                .setFieldName(field)
                .addProperties(Requests.pair(key, value))
                .build()));
  }
}
