package io.elanus.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.elanus.common.run.Run;
import io.elanus.proto.milvus.CollectionSchema;
import io.elanus.proto.milvus.CreateCollectionRequest;
import io.elanus.proto.milvus.CreateIndexRequest;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.DescribeIndexRequest;
import io.elanus.proto.milvus.DslType;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.FloatArray;
import io.elanus.proto.milvus.FlushRequest;
import io.elanus.proto.milvus.FlushResponse;
import io.elanus.proto.milvus.GetFlushStateRequest;
import io.elanus.proto.milvus.GetLoadStateRequest;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.LoadCollectionRequest;
import io.elanus.proto.milvus.LoadState;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.proto.milvus.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.elanus.proto.milvus.MutationResult;
import io.elanus.proto.milvus.PlaceholderGroup;
import io.elanus.proto.milvus.PlaceholderType;
import io.elanus.proto.milvus.PlaceholderValue;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.SearchResults;
import io.elanus.proto.milvus.Status;
import io.elanus.proto.milvus.VectorField;
import io.elanus.rpc.peer.Channels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;

/// A client of one collection: key `id`, vector (id, id). Every call has to succeed.
final class Birds implements AutoCloseable {
  private static final int DIMENSION = 2;

  private final Run run;
  private final String name;
  private final Channels channels;
  private final MilvusServiceBlockingStub stub;

  Birds(Run run, int port, String name) {
    this.run = run;
    this.name = name;
    this.channels = new Channels(run, Optional.empty());
    this.stub = MilvusServiceGrpc.newBlockingStub(channels.to("127.0.0.1:" + port));
  }

  /// Makes the collection, indexes it, loads it and waits until it is served.
  void create() {
    require(
        stub.createCollection(
            CreateCollectionRequest.newBuilder()
                .setCollectionName(name)
                .setShardsNum(2)
                .setSchema(schema().toByteString())
                .build()));
    require(index("vector", "FLAT"));
    load();
  }

  Status index(String field, String type) {
    return stub.createIndex(
        CreateIndexRequest.newBuilder()
            .setCollectionName(name)
            .setFieldName(field)
            .setIndexName(field)
            .addExtraParams(pair("index_type", type))
            .addExtraParams(pair("metric_type", "L2"))
            .build());
  }

  /// Returns when no row waits for its index.
  void awaitIndexed(String index) {
    DescribeIndexRequest request =
        DescribeIndexRequest.newBuilder().setCollectionName(name).setIndexName(index).build();
    while (stub.describeIndex(request).getIndexDescriptions(0).getPendingIndexRows() > 0) {
      run.sleep(Duration.ofMillis(20));
    }
  }

  /// Asks for a collection without fields.
  void failToCreate() {
    Status status =
        stub.createCollection(
            CreateCollectionRequest.newBuilder().setCollectionName("nothing").build());
    assertThat(status.getCode()).isNotZero();
  }

  /// Loads the collection and waits until it is served.
  void load() {
    require(
        stub.loadCollection(LoadCollectionRequest.newBuilder().setCollectionName(name).build()));
    GetLoadStateRequest state = GetLoadStateRequest.newBuilder().setCollectionName(name).build();
    while (stub.getLoadState(state).getState() != LoadState.LoadStateLoaded) {
      run.sleep(Duration.ofMillis(20));
    }
  }

  void insert(long from, int count) {
    insert(from, count, List.of());
  }

  /// @param more columns
  void insert(long from, int count, List<FieldData> more) {
    MutationResult result = stub.insert(rows(from, count).addAllFieldsData(more).build());
    require(result.getStatus());
    assertThat(result.getInsertCnt()).isEqualTo(count);
  }

  /// Rows of which nothing is said but their keys and vectors.
  InsertRequest.Builder rows(long from, int count) {
    return InsertRequest.newBuilder()
        .setCollectionName(name)
        .setNumRows(count)
        .addAllFieldsData(List.of(ids(from, count), vectors(from, count)));
  }

  MilvusServiceBlockingStub stub() {
    return stub;
  }

  /// Key of the nearest row, read at consistency level Strong.
  long nearest(long key) {
    return nearest("vector", key);
  }

  long nearest(String field, long key) {
    SearchResults found =
        stub.search(
            SearchRequest.newBuilder()
                .setCollectionName(name)
                .setDslType(DslType.BoolExprV1)
                .setPlaceholderGroup(placeholder(key).toByteString())
                .setNq(1)
                .setGuaranteeTimestamp(0)
                .addSearchParams(pair("anns_field", field))
                .addSearchParams(pair("topk", "1"))
                .addSearchParams(pair("params", "{}"))
                .build());
    require(found.getStatus());
    return found.getResults().getIds().getIntId().getData(0);
  }

  long count() {
    return count("");
  }

  long count(String filter) {
    QueryResults counted =
        stub.query(
            QueryRequest.newBuilder()
                .setCollectionName(name)
                .setExpr(filter)
                .addOutputFields("count(*)")
                .build());
    require(counted.getStatus());
    return counted.getFieldsData(0).getScalars().getLongData().getData(0);
  }

  /// Returns when everything inserted before is in segments.
  void flush() {
    FlushResponse noted = stub.flush(FlushRequest.newBuilder().addCollectionNames(name).build());
    require(noted.getStatus());
    GetFlushStateRequest state =
        GetFlushStateRequest.newBuilder()
            .addAllSegmentIDs(
                Objects.requireNonNull(noted.getCollSegIDsMap().get(name)).getDataList())
            .setCollectionName(name)
            .setFlushTs(Objects.requireNonNull(noted.getCollFlushTsMap().get(name)))
            .build();
    while (!stub.getFlushState(state).getFlushed()) {
      run.sleep(Duration.ofMillis(20));
    }
  }

  @Override
  public void close() {
    channels.close();
  }

  static void require(Status status) {
    assertThat(status.getCode()).as(status.getReason()).isZero();
  }

  private CollectionSchema schema() {
    return CollectionSchema.newBuilder()
        .setName(name)
        .addFields(
            FieldSchema.newBuilder()
                .setName("id")
                .setDataType(DataType.Int64)
                .setIsPrimaryKey(true))
        .addFields(
            FieldSchema.newBuilder()
                .setName("vector")
                .setDataType(DataType.FloatVector)
                .addTypeParams(pair("dim", Integer.toString(DIMENSION))))
        .build();
  }

  private static PlaceholderGroup placeholder(long key) {
    ByteBuffer vector = ByteBuffer.allocate(DIMENSION * 4).order(ByteOrder.LITTLE_ENDIAN);
    vector.putFloat(key).putFloat(key).flip();
    return PlaceholderGroup.newBuilder()
        .addPlaceholders(
            PlaceholderValue.newBuilder()
                .setTag("$0")
                .setType(PlaceholderType.FloatVector)
                .addValues(ByteString.copyFrom(vector)))
        .build();
  }

  private static FieldData ids(long from, int count) {
    LongArray.Builder keys = LongArray.newBuilder();
    LongStream.range(from, from + count).forEach(keys::addData);
    return FieldData.newBuilder()
        .setFieldName("id")
        .setType(DataType.Int64)
        .setScalars(ScalarField.newBuilder().setLongData(keys))
        .build();
  }

  private static FieldData vectors(long from, int count) {
    return vectors("vector", from, count);
  }

  /// Of each row (key, key).
  static FieldData vectors(String field, long from, int count) {
    FloatArray.Builder values = FloatArray.newBuilder();
    LongStream.range(from, from + count).forEach(key -> values.addData(key).addData(key));
    return FieldData.newBuilder()
        .setFieldName(field)
        .setType(DataType.FloatVector)
        .setVectors(VectorField.newBuilder().setDim(DIMENSION).setFloatVector(values))
        .build();
  }

  private static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }
}
