package io.elanus.bench;

import com.google.protobuf.ByteString;
import io.elanus.proto.milvus.CollectionSchema;
import io.elanus.proto.milvus.CompactionState;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.elanus.proto.milvus.CreateCollectionRequest;
import io.elanus.proto.milvus.CreateIndexRequest;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.DeleteRequest;
import io.elanus.proto.milvus.DescribeIndexRequest;
import io.elanus.proto.milvus.DslType;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.FloatArray;
import io.elanus.proto.milvus.FlushRequest;
import io.elanus.proto.milvus.GetCompactionStateRequest;
import io.elanus.proto.milvus.GetFlushStateRequest;
import io.elanus.proto.milvus.GetLoadStateRequest;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.LoadCollectionRequest;
import io.elanus.proto.milvus.LoadState;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.ManualCompactionRequest;
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
import io.elanus.proto.milvus.UpsertRequest;
import io.elanus.proto.milvus.VectorField;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The few calls of the public API that measurements make, on one collection with an Int64 key `id`, an
/// Int64 `version` and a FloatVector `vector`. No retries: each request is sent once.
public final class MilvusCalls implements AutoCloseable {
  public static final String COLLECTION = "measured";

  private final ManagedChannel channel;
  private final MilvusServiceBlockingStub stub;

  public MilvusCalls(int port) {
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .disableRetry()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
    stub = MilvusServiceGrpc.newBlockingStub(channel);
  }

  /// Rows to be written. All lists have the same length.
  public record Rows(List<Long> ids, List<Long> versions, List<Float> vectors, int dimension) {}

  /// A request that the server refused, or of which nobody knows what became.
  public static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;

    Failed(int code, String message) {
      super(message);
      this.code = code;
    }

    /// As in `Status.code`.
    public int code() {
      return code;
    }
  }

  public void createAndLoad(int dimension, String indexType) {
    CollectionSchema schema =
        CollectionSchema.newBuilder()
            .setName(COLLECTION)
            .addFields(field("id", DataType.Int64).setIsPrimaryKey(true))
            .addFields(field("version", DataType.Int64))
            .addFields(
                field("vector", DataType.FloatVector)
                    .addTypeParams(pair("dim", Integer.toString(dimension))))
            .build();
    require(
        stub()
            .createCollection(
                CreateCollectionRequest.newBuilder()
                    .setCollectionName(COLLECTION)
                    .setSchema(schema.toByteString())
                    .setConsistencyLevel(ConsistencyLevel.Strong)
                    .build()));
    require(
        stub()
            .createIndex(
                CreateIndexRequest.newBuilder()
                    .setCollectionName(COLLECTION)
                    .setFieldName("vector")
                    .addExtraParams(pair("index_type", indexType))
                    .addExtraParams(pair("metric_type", "L2"))
                    .build()));
    require(
        stub()
            .loadCollection(
                LoadCollectionRequest.newBuilder().setCollectionName(COLLECTION).build()));
    awaitLoaded();
  }

  /// Waits until the collection answers; at most a minute.
  public void awaitLoaded() {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!isLoaded()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("not loaded after a minute");
      }
      pause();
    }
  }

  private boolean isLoaded() {
    var state =
        stub().getLoadState(GetLoadStateRequest.newBuilder().setCollectionName(COLLECTION).build());
    return state.getState() == LoadState.LoadStateLoaded;
  }

  public void insert(Rows rows) {
    require(
        stub()
            .insert(
                InsertRequest.newBuilder()
                    .setCollectionName(COLLECTION)
                    .setNumRows(rows.ids().size())
                    .addAllFieldsData(columns(rows))
                    .build()));
  }

  /// Replaces rows, or inserts those that are not there.
  public void upsert(Rows rows) {
    require(
        stub()
            .upsert(
                UpsertRequest.newBuilder()
                    .setCollectionName(COLLECTION)
                    .setNumRows(rows.ids().size())
                    .addAllFieldsData(columns(rows))
                    .build()));
  }

  public void delete(String filter) {
    require(
        stub()
            .delete(
                DeleteRequest.newBuilder().setCollectionName(COLLECTION).setExpr(filter).build()));
  }

  /// Rows that match, at `level`, with all fields.
  public QueryResults query(String filter, ConsistencyLevel level, String... outputFields) {
    QueryResults results =
        stub()
            .query(
                QueryRequest.newBuilder()
                    .setCollectionName(COLLECTION)
                    .setExpr(filter)
                    .setConsistencyLevel(level)
                    .addAllOutputFields(List.of(outputFields))
                    .build());
    require(results.getStatus());
    return results;
  }

  public SearchResults search(float[] vector, int limit, ConsistencyLevel level) {
    return search(List.of(vector), limit, level);
  }

  public SearchResults search(
      List<float[]> vectors, int limit, ConsistencyLevel level, String... outputFields) {
    PlaceholderGroup group =
        PlaceholderGroup.newBuilder()
            .addPlaceholders(
                PlaceholderValue.newBuilder()
                    .setTag("$0")
                    .setType(PlaceholderType.FloatVector)
                    .addAllValues(vectors.stream().map(MilvusCalls::bytes).toList()))
            .build();
    SearchResults results =
        stub()
            .search(
                SearchRequest.newBuilder()
                    .setCollectionName(COLLECTION)
                    .setDslType(DslType.BoolExprV1)
                    .setPlaceholderGroup(group.toByteString())
                    .setNq(vectors.size())
                    .setConsistencyLevel(level)
                    .addAllOutputFields(List.of(outputFields))
                    .addSearchParams(pair("anns_field", "vector"))
                    .addSearchParams(pair("topk", Integer.toString(limit)))
                    .addSearchParams(pair("params", "{}"))
                    .build());
    require(results.getStatus());
    return results;
  }

  private static ByteString bytes(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(vector.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return ByteString.copyFrom(bytes);
  }

  /// Returns when everything written is in segments.
  public void flush() {
    var flushed = stub().flush(FlushRequest.newBuilder().addCollectionNames(COLLECTION).build());
    require(flushed.getStatus());
    GetFlushStateRequest state =
        GetFlushStateRequest.newBuilder()
            .setCollectionName(COLLECTION)
            .setFlushTs(flushed.getCollFlushTsOrDefault(COLLECTION, 0))
            .addAllSegmentIDs(
                flushed
                    .getCollSegIDsOrDefault(COLLECTION, LongArray.getDefaultInstance())
                    .getDataList())
            .build();
    while (!stub().getFlushState(state).getFlushed()) {
      pause();
    }
  }

  /// Whether every segment has its index.
  public boolean isIndexed() {
    var described =
        stub()
            .describeIndex(
                DescribeIndexRequest.newBuilder()
                    .setCollectionName(COLLECTION)
                    .setFieldName("vector")
                    .build());
    require(described.getStatus());
    return described.getIndexDescriptionsList().stream()
        .allMatch(index -> index.getPendingIndexRows() == 0);
  }

  /// Begins to compact whatever can be.
  ///
  /// @return its id, -1 when there is nothing to do
  public long compact() {
    var started =
        stub()
            .manualCompaction(
                ManualCompactionRequest.newBuilder().setCollectionName(COLLECTION).build());
    require(started.getStatus());
    return started.getCompactionID();
  }

  public boolean isCompacting(long id) {
    var state =
        stub()
            .getCompactionState(GetCompactionStateRequest.newBuilder().setCompactionID(id).build());
    require(state.getStatus());
    return state.getState() == CompactionState.Executing;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private MilvusServiceBlockingStub stub() {
    return stub.withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static List<FieldData> columns(Rows rows) {
    FieldData vectors =
        FieldData.newBuilder()
            .setFieldName("vector")
            .setType(DataType.FloatVector)
            .setVectors(
                VectorField.newBuilder()
                    .setDim(rows.dimension())
                    .setFloatVector(FloatArray.newBuilder().addAllData(rows.vectors())))
            .build();
    return List.of(longs("id", rows.ids()), longs("version", rows.versions()), vectors);
  }

  private static FieldData longs(String name, List<Long> values) {
    return FieldData.newBuilder()
        .setFieldName(name)
        .setType(DataType.Int64)
        .setScalars(ScalarField.newBuilder().setLongData(LongArray.newBuilder().addAllData(values)))
        .build();
  }

  private static FieldSchema.Builder field(String name, DataType type) {
    return FieldSchema.newBuilder().setName(name).setDataType(type);
  }

  private static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }

  private static void require(MutationResult result) {
    require(result.getStatus());
  }

  private static void require(Status status) {
    if (status.getCode() != 0) {
      throw new Failed(status.getCode(), status.getReason());
    }
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
