package io.elanus.standalone.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexSpec;
import io.elanus.common.model.ResolvedIndex;
import io.elanus.proto.milvus.CheckHealthRequest;
import io.elanus.proto.milvus.CheckHealthResponse;
import io.elanus.proto.milvus.DescribeCollectionRequest;
import io.elanus.proto.milvus.DescribeIndexRequest;
import io.elanus.proto.milvus.GetCollectionStatisticsRequest;
import io.elanus.proto.milvus.GetLoadingProgressRequest;
import io.elanus.proto.milvus.GetMetricsRequest;
import io.elanus.proto.milvus.GetMetricsResponse;
import io.elanus.proto.milvus.GetPersistentSegmentInfoRequest;
import io.elanus.proto.milvus.GetQuerySegmentInfoRequest;
import io.elanus.proto.milvus.GetVersionRequest;
import io.elanus.proto.milvus.IndexDescription;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.ListDatabasesRequest;
import io.elanus.proto.milvus.ListDatabasesResponse;
import io.elanus.proto.milvus.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.elanus.proto.milvus.PersistentSegmentInfo;
import io.elanus.proto.milvus.QuerySegmentInfo;
import io.elanus.proto.milvus.ShowCollectionsRequest;
import io.elanus.proto.milvus.ShowCollectionsResponse;
import io.elanus.proto.milvus.Status;
import io.elanus.proxy.catalog.IndexParams;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.standalone.status.Overview.BackgroundWork;
import io.elanus.standalone.status.Overview.CollectionState;
import io.elanus.standalone.status.Overview.IndexState;
import io.elanus.standalone.status.Overview.Jobs;
import io.elanus.standalone.status.Overview.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/// Asks a server by calls that any client may make.
final class Survey {
  /// A call was answered with an error.
  static final class Refused extends RuntimeException {
    Refused(String what, Status status) {
      super("%s: %s".formatted(what, status.getReason()));
    }
  }

  private static final JsonMapper JSON = new JsonMapper();
  private static final String SYSTEM_INFO = "{\"metric_type\":\"system_info\"}";

  private final Supplier<MilvusServiceBlockingStub> server;
  private final int maxCollections;
  private final Map<Long, Long> heldBytes = new HashMap<>();

  /// @param server a stub for one call
  Survey(Supplier<MilvusServiceBlockingStub> server, int maxCollections) {
    this.server = server;
    this.maxCollections = maxCollections;
  }

  private record Name(String database, String collection) {}

  /// @throws Refused when the server says no
  /// @throws io.grpc.StatusRuntimeException when it does not answer
  Overview overview() {
    String version = server.get().getVersion(GetVersionRequest.getDefaultInstance()).getVersion();
    CheckHealthResponse health = server.get().checkHealth(CheckHealthRequest.getDefaultInstance());
    List<Name> names = names();
    List<CollectionState> collections =
        names.stream().limit(maxCollections).map(this::collection).toList();
    JsonNode info = systemInfo();
    return new Overview(
        version,
        health.getIsHealthy(),
        health.getReasonsList(),
        elements(info.path("nodes_info")).stream().map(this::node).toList(),
        collections,
        names.stream().limit(maxCollections).flatMap(name -> indexes(name).stream()).toList(),
        names.size() - collections.size(),
        work(info.path("background_work")));
  }

  private List<Name> names() {
    ListDatabasesResponse databases =
        server.get().listDatabases(ListDatabasesRequest.getDefaultInstance());
    require("databases", databases.getStatus());
    List<Name> names = new ArrayList<>();
    for (String database : databases.getDbNamesList()) {
      ShowCollectionsResponse shown =
          server
              .get()
              .showCollections(ShowCollectionsRequest.newBuilder().setDbName(database).build());
      require("collections of " + database, shown.getStatus());
      shown.getCollectionNamesList().stream()
          .sorted()
          .forEach(name -> names.add(new Name(database, name)));
    }
    return names;
  }

  private CollectionState collection(Name name) {
    List<PersistentSegmentInfo> segments = segments(name);
    Optional<Long> loaded = loaded(name);
    loaded.ifPresent(_ -> addHeldBytes(name));
    return new CollectionState(
        name.database(),
        name.collection(),
        rows(name),
        segments.size(),
        segments.stream().mapToLong(PersistentSegmentInfo::getNumRows).sum(),
        unindexedRows(name),
        loaded);
  }

  private long rows(Name name) {
    var statistics =
        server
            .get()
            .getCollectionStatistics(
                GetCollectionStatisticsRequest.newBuilder()
                    .setDbName(name.database())
                    .setCollectionName(name.collection())
                    .build());
    require("statistics of " + name.collection(), statistics.getStatus());
    return statistics.getStatsList().stream()
        .filter(pair -> pair.getKey().equals("row_count"))
        .map(KeyValuePair::getValue)
        .mapToLong(Long::parseLong)
        .sum();
  }

  private List<PersistentSegmentInfo> segments(Name name) {
    var segments =
        server
            .get()
            .getPersistentSegmentInfo(
                GetPersistentSegmentInfoRequest.newBuilder()
                    .setDbName(name.database())
                    .setCollectionName(name.collection())
                    .build());
    require("segments of " + name.collection(), segments.getStatus());
    return segments.getInfosList();
  }

  /// The most of any field; 0 when there is no index.
  private long unindexedRows(Name name) {
    return described(name).stream()
        .mapToLong(IndexDescription::getPendingIndexRows)
        .max()
        .orElse(0);
  }

  private List<IndexDescription> described(Name name) {
    return server
        .get()
        .describeIndex(
            DescribeIndexRequest.newBuilder()
                .setDbName(name.database())
                .setCollectionName(name.collection())
                .build())
        .getIndexDescriptionsList();
  }

  private List<IndexState> indexes(Name name) {
    var described =
        server
            .get()
            .describeCollection(
                DescribeCollectionRequest.newBuilder()
                    .setDbName(name.database())
                    .setCollectionName(name.collection())
                    .build());
    require("collection " + name.collection(), described.getStatus());
    CollectionSchema schema = SchemaCodec.decode(described.getSchema());
    return described(name).stream()
        .flatMap(index ->
            schema
                .field(index.getFieldName())
                .filter(field -> field.type().isVector())
                .map(field -> index(name, field, index))
                .stream())
        .toList();
  }

  private static IndexState index(Name name, Field field, IndexDescription index) {
    Map<String, String> params =
        IndexParams.flatten(SchemaCodec.decodePairs(index.getParamsList()));
    ResolvedIndex built = IndexSpec.resolve(field, params);
    return new IndexState(
        "%s.%s.%s".formatted(name.database(), name.collection(), field.name()),
        params.getOrDefault(IndexSpec.INDEX_TYPE, IndexSpec.AUTO),
        built.metric().name(),
        built.text());
  }

  private Optional<Long> loaded(Name name) {
    var progress =
        server
            .get()
            .getLoadingProgress(
                GetLoadingProgressRequest.newBuilder()
                    .setDbName(name.database())
                    .setCollectionName(name.collection())
                    .build());
    return isOk(progress.getStatus()) ? Optional.of(progress.getProgress()) : Optional.empty();
  }

  private void addHeldBytes(Name name) {
    var segments =
        server
            .get()
            .getQuerySegmentInfo(
                GetQuerySegmentInfoRequest.newBuilder()
                    .setDbName(name.database())
                    .setCollectionName(name.collection())
                    .build());
    for (QuerySegmentInfo segment : segments.getInfosList()) {
      segment
          .getNodeIdsList()
          .forEach(node -> heldBytes.merge(node, segment.getMemSize(), Long::sum));
    }
  }

  private JsonNode systemInfo() {
    GetMetricsResponse metrics =
        server.get().getMetrics(GetMetricsRequest.newBuilder().setRequest(SYSTEM_INFO).build());
    require("system info", metrics.getStatus());
    try {
      return JSON.readTree(metrics.getResponse());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("system info is no JSON: " + metrics.getResponse(), e);
    }
  }

  private Node node(JsonNode node) {
    JsonNode infos = node.path("infos");
    String role = infos.path("type").asText();
    long id = infos.path("id").asLong();
    return new Node(
        role,
        id,
        infos.path("hardware_infos").path("ip").asText(),
        infos.path("zone").asText(),
        infos.path("hardware_infos").path("memory").asLong(),
        role.equals("querynode") ? heldBytes.getOrDefault(id, 0L) : 0,
        infos.path("draining").asBoolean());
  }

  private static BackgroundWork work(JsonNode work) {
    List<Jobs> jobs = new ArrayList<>();
    work.properties().stream()
        .filter(kind -> kind.getValue().isObject())
        .forEach(kind ->
            jobs.add(
                new Jobs(
                    kind.getKey().replace('_', ' '),
                    kind.getValue().path("waiting").asLong(),
                    kind.getValue().path("running").asLong(),
                    kind.getValue().path("done").asLong(),
                    kind.getValue().path("failed").asLong())));
    return new BackgroundWork(
        jobs, work.path("swept_objects").asLong(), work.path("error_reason").asText());
  }

  private static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static void require(String what, Status status) {
    if (!isOk(status)) {
      throw new Refused(what, status);
    }
  }

  @SuppressWarnings("deprecation") // the older code is set in either case
  private static boolean isOk(Status status) {
    return status.getCode() == 0 && status.getErrorCodeValue() == 0;
  }
}
