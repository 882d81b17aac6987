package io.elanus.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.proto.internal.IndexMeta;
import io.elanus.proto.internal.IndexParam;
import io.elanus.proto.internal.ListIndexesRequest;
import io.elanus.proto.milvus.BatchDescribeCollectionRequest;
import io.elanus.proto.milvus.CheckHealthRequest;
import io.elanus.proto.milvus.ConnectRequest;
import io.elanus.proto.milvus.ConnectResponse;
import io.elanus.proto.milvus.CreateCollectionRequest;
import io.elanus.proto.milvus.CreateIndexRequest;
import io.elanus.proto.milvus.DescribeCollectionRequest;
import io.elanus.proto.milvus.DescribeCollectionResponse;
import io.elanus.proto.milvus.DescribeIndexRequest;
import io.elanus.proto.milvus.DescribeIndexResponse;
import io.elanus.proto.milvus.DropCollectionRequest;
import io.elanus.proto.milvus.DropIndexRequest;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.FlushRequest;
import io.elanus.proto.milvus.GetFlushStateRequest;
import io.elanus.proto.milvus.GetLoadStateRequest;
import io.elanus.proto.milvus.GetLoadingProgressRequest;
import io.elanus.proto.milvus.GetMetricsRequest;
import io.elanus.proto.milvus.GetReplicasRequest;
import io.elanus.proto.milvus.GetVersionRequest;
import io.elanus.proto.milvus.HasCollectionRequest;
import io.elanus.proto.milvus.IndexDescription;
import io.elanus.proto.milvus.IndexState;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.LoadState;
import io.elanus.proto.milvus.ShowCollectionsRequest;
import io.elanus.proto.milvus.ShowCollectionsResponse;
import io.elanus.proto.milvus.ShowPartitionsRequest;
import io.elanus.proto.milvus.ShowType;
import io.elanus.proxy.service.CollectionService;
import io.elanus.proxy.service.ConnectionService;
import io.elanus.proxy.service.FlushService;
import io.elanus.proxy.service.IndexService;
import io.elanus.proxy.service.LoadService;
import io.elanus.proxy.service.PartitionService;
import io.elanus.proxy.service.ReplicaService;
import io.elanus.proxy.service.SystemInfoService;
import io.elanus.rpc.call.RequestContext;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The calls around the data: what is there, how it is described, how far it is.
class CatalogCallsTest {
  private static final String NAME = FilmApi.NAME;

  private final MemoryCluster cluster = new MemoryCluster();
  private final FilmApi films = new FilmApi(cluster);
  private final CollectionService collections = cluster.service(CollectionService.class);
  private final ConnectionService connection = cluster.service(ConnectionService.class);
  private final SystemInfoService systemInfo = cluster.service(SystemInfoService.class);
  private final FlushService flushes = cluster.service(FlushService.class);
  private final IndexService indexes = cluster.service(IndexService.class);
  private final LoadService loads = cluster.service(LoadService.class);
  private final ReplicaService replicaCalls = cluster.service(ReplicaService.class);
  private final PartitionService partitions = cluster.service(PartitionService.class);

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void aConnectionGetsANumberAndTheVersionGetVersionSays() {
    ConnectResponse connected =
        cluster.call(() -> connection.connect(ConnectRequest.getDefaultInstance()));

    assertThat(connected.getIdentifier()).isNotZero();
    assertThat(connected.getServerInfo().getBuildTags()).isEqualTo("v3.0.0-elanus-test");
    assertThat(connection.getVersion(GetVersionRequest.getDefaultInstance()).getVersion())
        .isEqualTo("v3.0.0-elanus-test");
  }

  @Test
  void aConnectionToADatabaseThatIsNotThereFails() {
    RequestContext nowhere = new RequestContext("nowhere", "root", "t", Deadline.NEVER, 0);

    assertThatThrownBy(
            () -> nowhere.call(() -> connection.connect(ConnectRequest.getDefaultInstance())))
        .hasMessage("database not found[database=nowhere]");
  }

  @Test
  void healthNamesWhoIsMissing() {
    var health = connection.checkHealth(CheckHealthRequest.getDefaultInstance());

    assertThat(health.getIsHealthy()).isFalse();
    assertThat(health.getReasonsList()).containsExactly("no data node is registered");
  }

  @Test
  void systemInfoNamesEveryNodeAndTheWorkInTheBackground() throws IOException {
    JsonNode info =
        new JsonMapper()
            .readTree(systemInfo.getMetrics(GetMetricsRequest.getDefaultInstance()).getResponse());

    assertThat(info.get("nodes_info"))
        .extracting(node -> node.get("infos").get("type").asText())
        .endsWith("proxy");
    assertThat(info.get("background_work").get("compaction").get("running").asInt()).isEqualTo(1);
    assertThat(info.get("background_work").get("swept_objects").asInt()).isEqualTo(9);
  }

  @Test
  void aDescriptionHasEverythingSdksRead() {
    films.create(2, true);

    DescribeCollectionResponse films = describe(NAME);

    assertThat(films.getSchema().getEnableDynamicField()).isTrue();
    assertThat(films.getSchema().getFieldsList())
        .extracting(FieldSchema::getName)
        .containsExactly("id", "title", "v");
    assertThat(films.getSchema().getFields(0).getAutoID()).isTrue();
    assertThat(films.getCollectionID()).isPositive();
    assertThat(films.getDbName()).isEqualTo("default");
    assertThat(films.getDbId()).isEqualTo(1);
    assertThat(films.getShardsNum()).isEqualTo(2);
    assertThat(films.getNumPartitions()).isEqualTo(1);
    assertThat(films.getVirtualChannelNamesList()).hasSize(2).doesNotHaveDuplicates();
    assertThat(films.getPhysicalChannelNamesList()).hasSize(2);
    assertThat(films.getUpdateTimestampStr()).isEqualTo(Long.toString(films.getUpdateTimestamp()));
    assertThat(films.getCreatedUtcTimestamp())
        .isEqualTo((films.getCreatedTimestamp() >> 18) / 1000);
  }

  @Test
  void aCollectionIsDescribedByItsIdToo() {
    films.create(1, false);
    long id = describe(NAME).getCollectionID();

    DescribeCollectionResponse byId =
        cluster.call(() ->
            collections.describeCollection(
                DescribeCollectionRequest.newBuilder().setCollectionID(id).build()));

    assertThat(byId.getCollectionName()).isEqualTo(NAME);
  }

  @Test
  void aMissingCollectionIsMissedInTheWordsSdksLookFor() {
    assertThatThrownBy(() -> describe("nope"))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.COLLECTION_NOT_FOUND))
        .hasMessage("can't find collection[database=default][collection=nope]");
    assertThat(has("nope")).isFalse();
  }

  @Test
  void aDroppedCollectionIsGoneAtOnceAndDroppingItAgainIsSuccess() {
    films.create(1, false);
    DropCollectionRequest drop = DropCollectionRequest.newBuilder().setCollectionName(NAME).build();

    cluster.call(() -> collections.dropCollection(drop));
    cluster.call(() -> collections.dropCollection(drop));

    assertThat(has(NAME)).isFalse();
  }

  @Test
  void oneBadNameDoesNotSpoilABatch() {
    films.create(1, false);
    BatchDescribeCollectionRequest request =
        BatchDescribeCollectionRequest.newBuilder()
            .addCollectionName("nope")
            .addCollectionName(NAME)
            .build();

    var batch = cluster.call(() -> collections.batchDescribeCollection(request));

    assertThat(batch.getResponsesList())
        .extracting(response -> response.getStatus().getCode())
        .containsExactly(100, 0);
  }

  @Test
  void listsAreParallelAndCanBeOfLoadedCollectionsOnly() {
    films.create(2, false);

    ShowCollectionsResponse all = show(ShowType.All);

    assertThat(all.getCollectionNamesList()).containsExactly(NAME);
    assertThat(all.getCollectionIdsCount()).isEqualTo(1);
    assertThat(all.getCreatedTimestampsCount()).isEqualTo(1);
    assertThat(all.getShardsNumList()).containsExactly(2);
    assertThat(show(ShowType.InMemory).getCollectionNamesList()).isEmpty();

    films.index();
    films.load();
    assertThat(show(ShowType.InMemory).getQueryServiceAvailableList()).containsExactly(true);
  }

  @Test
  void propertiesThatWouldBeIgnoredAreRefused() {
    CreateCollectionRequest.Builder request =
        CreateCollectionRequest.newBuilder().setCollectionName(NAME);

    assertThatThrownBy(() ->
            collections.createCollection(
                request.clone().addProperties(Requests.pair("query_mode", "large_topk")).build()))
        .hasMessage("collection property query_mode is not supported yet: invalid parameter");
    assertThatThrownBy(() -> collections.createCollection(request.clone().setShardsNum(17).build()))
        .hasMessageContaining("maximum shards's number should be limited to 16");
    assertThatThrownBy(
            () -> collections.createCollection(request.clone().setNumPartitions(4).build()))
        .hasMessageContaining(
            "num_partitions should only be specified with partition key field enabled");
  }

  @Test
  void thereIsOnePartition() {
    films.create(1, false);
    ShowPartitionsRequest.Builder request =
        ShowPartitionsRequest.newBuilder().setCollectionName(NAME);

    assertThat(
            cluster.call(() -> partitions.showPartitions(request.build())).getPartitionNamesList())
        .containsExactly("_default");
    assertThatThrownBy(() ->
            cluster.call(() -> partitions.showPartitions(request.addPartitionNames("p").build())))
        .hasMessage("partition name p not found: partition not found[partition=p]");
  }

  @Test
  void anIndexIsDescribedAsItsUserDefinedIt() {
    films.create(1, false);
    assertThatThrownBy(() -> describeIndex(""))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INDEX_NOT_FOUND));

    createIndex("v", "AUTOINDEX", "COSINE");

    IndexDescription index = describeIndex("").getIndexDescriptions(0);
    assertThat(index.getIndexName()).isEqualTo("v");
    assertThat(index.getState()).isEqualTo(IndexState.Finished);
    assertThat(index.getParamsList())
        .extracting(pair -> pair.getKey() + "=" + pair.getValue())
        .containsExactly("index_type=AUTOINDEX", "metric_type=COSINE");
    assertThatThrownBy(() -> describeIndex("other")).hasMessage("index not found[indexName=other]");
  }

  @Test
  void parametersWrappedAsJsonAreShownAsTheyCameAndBuiltFromTakenApart() {
    films.create(1, false);
    String wrapped = "{\"M\":8,\"efConstruction\":\"50\"}";
    createIndex("v", "HNSW", "L2", Requests.pair("params", wrapped));

    IndexMeta stored = storedIndex();
    assertThat(stored.getParamsList()).extracting(IndexParam::getKey).contains("params");
    assertThat(stored.getFlatParamsList())
        .extracting(param -> param.getKey() + "=" + param.getValue())
        .containsExactlyInAnyOrder("index_type=HNSW", "metric_type=L2", "M=8", "efConstruction=50");
    assertThat(describeIndex("").getIndexDescriptions(0).getParamsList())
        .contains(Requests.pair("params", wrapped));
  }

  @Test
  void anAutomaticIndexIsDescribedWithTheMetricThatWasChosen() {
    films.create(1, false);
    createIndex("v", "", "");

    assertThat(describeIndex("").getIndexDescriptions(0).getParamsList())
        .containsExactlyInAnyOrder(
            Requests.pair("index_type", "AUTOINDEX"), Requests.pair("metric_type", "COSINE"));
    createIndex("v", "AUTOINDEX", "COSINE");
    assertThatThrownBy(() -> createIndex("v", "AUTOINDEX", "L2", Requests.pair("M", "16")))
        .hasMessageContaining("only metric type can be passed when use AutoIndex, but got M");
  }

  private IndexMeta storedIndex() {
    long collection = describe(NAME).getCollectionID();
    return cluster
        .rootCoord()
        .listIndexes(ListIndexesRequest.newBuilder().setCollectionId(collection).build())
        .getIndexes(0);
  }

  @Test
  void anIndexNeedsAFieldAndGoodParameters() {
    films.create(1, false);

    assertThatThrownBy(() -> createIndex("w", "FLAT", "L2"))
        .as("a key of the dynamic field")
        .hasMessageContaining("index FLAT only supports vector data type");
    assertThatThrownBy(() -> createIndex("v", "HNSW", "NEAR"))
        .hasMessageContaining("float vector index does not support metric type: NEAR");
  }

  @Test
  void loadingNeedsAnIndexOnEveryVector() {
    films.create(1, false);

    assertThatThrownBy(films::load).hasMessage("index not found[collection=films]");
    assertThat(loadState(NAME)).isEqualTo(LoadState.LoadStateNotLoad);
    assertThat(loadState("nope")).isEqualTo(LoadState.LoadStateNotExist);
    assertThatThrownBy(this::progress).hasMessage("collection not loaded[collection=films]");

    films.index();
    films.load();

    assertThat(loadState(NAME)).isEqualTo(LoadState.LoadStateLoaded);
    assertThat(progress()).isEqualTo(100);
  }

  @Test
  void theIndexOfALoadedCollectionStays() {
    films.create(1, false);
    films.index();
    films.load();
    DropIndexRequest drop =
        DropIndexRequest.newBuilder().setCollectionName(NAME).setIndexName("v").build();

    assertThatThrownBy(() -> cluster.call(() -> indexes.dropIndex(drop)))
        .hasMessageContaining("vector index cannot be dropped on loaded collection: ");
  }

  @Test
  void aLoadedCollectionHasOneReplicaOfAllItsShards() {
    films.create(2, false);
    films.index();
    films.load();

    var replicas =
        cluster.call(() ->
            replicaCalls.getReplicas(
                GetReplicasRequest.newBuilder().setCollectionName(NAME).build()));

    assertThat(replicas.getReplicasCount()).isEqualTo(1);
    assertThat(replicas.getReplicas(0).getShardReplicasCount()).isEqualTo(2);
    assertThat(replicas.getReplicas(0).getResourceGroupName())
        .isEqualTo("__default_resource_group");
  }

  @Test
  void aFlushIsPolledByItsNote() {
    films.create(1, false);

    var flush =
        cluster.call(
            () -> flushes.flush(FlushRequest.newBuilder().addCollectionNames(NAME).build()));

    assertThat(flush.getCollSegIDsOrThrow(NAME).getDataList()).containsExactly(77L);
    assertThat(flush.getCollFlushTsOrThrow(NAME)).isPositive();
    assertThat(flushed(GetFlushStateRequest.newBuilder().addSegmentIDs(77))).isFalse();
    assertThat(flushed(GetFlushStateRequest.newBuilder())).isTrue();
  }

  private DescribeCollectionResponse describe(String name) {
    return cluster.call(() ->
        collections.describeCollection(
            DescribeCollectionRequest.newBuilder().setCollectionName(name).build()));
  }

  private boolean has(String name) {
    HasCollectionRequest request =
        HasCollectionRequest.newBuilder().setCollectionName(name).build();
    return cluster.call(() -> collections.hasCollection(request)).getValue();
  }

  private ShowCollectionsResponse show(ShowType type) {
    return cluster.call(() ->
        collections.showCollections(ShowCollectionsRequest.newBuilder().setType(type).build()));
  }

  private void createIndex(String field, String type, String metric, KeyValuePair... more) {
    CreateIndexRequest request =
        CreateIndexRequest.newBuilder()
            .setCollectionName(NAME)
            .setFieldName(field)
            .addExtraParams(Requests.pair("index_type", type))
            .addExtraParams(Requests.pair("metric_type", metric))
            .addAllExtraParams(List.of(more))
            .build();
    cluster.call(() -> indexes.createIndex(request));
  }

  private DescribeIndexResponse describeIndex(String name) {
    DescribeIndexRequest request =
        DescribeIndexRequest.newBuilder().setCollectionName(NAME).setIndexName(name).build();
    return cluster.call(() -> indexes.describeIndex(request));
  }

  private LoadState loadState(String name) {
    GetLoadStateRequest request = GetLoadStateRequest.newBuilder().setCollectionName(name).build();
    return cluster.call(() -> loads.getLoadState(request)).getState();
  }

  private long progress() {
    GetLoadingProgressRequest request =
        GetLoadingProgressRequest.newBuilder().setCollectionName(NAME).build();
    return cluster.call(() -> loads.getLoadingProgress(request)).getProgress();
  }

  private boolean flushed(GetFlushStateRequest.Builder request) {
    return cluster.call(() -> flushes.getFlushState(request.build())).getFlushed();
  }
}
