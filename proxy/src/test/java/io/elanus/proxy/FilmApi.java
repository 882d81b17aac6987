package io.elanus.proxy;

import com.google.protobuf.ByteString;
import io.elanus.proto.milvus.CollectionSchema;
import io.elanus.proto.milvus.CreateCollectionRequest;
import io.elanus.proto.milvus.CreateIndexRequest;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.DeleteRequest;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proto.milvus.LoadCollectionRequest;
import io.elanus.proto.milvus.MutationResult;
import io.elanus.proto.milvus.PlaceholderGroup;
import io.elanus.proto.milvus.PlaceholderType;
import io.elanus.proto.milvus.PlaceholderValue;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.SearchResultData;
import io.elanus.proto.milvus.UpsertRequest;
import io.elanus.proxy.service.CollectionService;
import io.elanus.proxy.service.IndexService;
import io.elanus.proxy.service.LoadService;
import io.elanus.proxy.service.ReadService;
import io.elanus.proxy.service.WriteService;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// What a client of the film collection does, in short.
record FilmApi(MemoryCluster cluster) {
  static final String NAME = "films";

  void create(int shards, boolean autoId) {
    CollectionSchema schema =
        CollectionSchema.newBuilder()
            .setName(NAME)
            .setEnableDynamicField(true)
            .addFields(
                FieldSchema.newBuilder()
                    .setName("id")
                    .setDataType(DataType.Int64)
                    .setIsPrimaryKey(true)
                    .setAutoID(autoId))
            .addFields(
                FieldSchema.newBuilder()
                    .setName("title")
                    .setDataType(DataType.VarChar)
                    .addTypeParams(Requests.pair("max_length", "10")))
            .addFields(
                FieldSchema.newBuilder()
                    .setName("v")
                    .setDataType(DataType.FloatVector)
                    .addTypeParams(Requests.pair("dim", "2")))
            .build();
    cluster.call(() ->
        cluster
            .service(CollectionService.class)
            .createCollection(
                CreateCollectionRequest.newBuilder()
                    .setCollectionName(NAME)
                    .setSchema(schema.toByteString())
                    .setShardsNum(shards)
                    .build()));
  }

  void index() {
    cluster.call(() ->
        cluster
            .service(IndexService.class)
            .createIndex(
                CreateIndexRequest.newBuilder()
                    .setCollectionName(NAME)
                    .setFieldName("v")
                    .addExtraParams(Requests.pair("index_type", "FLAT"))
                    .addExtraParams(Requests.pair("metric_type", "L2"))
                    .build()));
  }

  void load() {
    cluster.call(() ->
        cluster
            .service(LoadService.class)
            .loadCollection(LoadCollectionRequest.newBuilder().setCollectionName(NAME).build()));
  }

  MutationResult insert(FieldData... data) {
    return insert(0, data);
  }

  MutationResult insert(long schemaTimestamp, FieldData... data) {
    InsertRequest request =
        InsertRequest.newBuilder()
            .setCollectionName(NAME)
            .setNumRows(rowCount(data))
            .setSchemaTimestamp(schemaTimestamp)
            .addAllFieldsData(List.of(data))
            .build();
    return cluster.call(() -> cluster.service(WriteService.class).insert(request));
  }

  MutationResult upsert(FieldData... data) {
    UpsertRequest request =
        UpsertRequest.newBuilder()
            .setCollectionName(NAME)
            .setNumRows(rowCount(data))
            .addAllFieldsData(List.of(data))
            .build();
    return cluster.call(() -> cluster.service(WriteService.class).upsert(request));
  }

  /// Gives some fields of rows.
  MutationResult update(FieldData... data) {
    UpsertRequest request =
        UpsertRequest.newBuilder()
            .setCollectionName(NAME)
            .setPartialUpdate(true)
            .setNumRows(rowCount(data))
            .addAllFieldsData(List.of(data))
            .build();
    return cluster.call(() -> cluster.service(WriteService.class).upsert(request));
  }

  private static int rowCount(FieldData... data) {
    return data[0].getVectors().getDim() > 0
        ? data[0].getVectors().getFloatVector().getDataCount() / 2
        : Math.max(
            data[0].getScalars().getLongData().getDataCount(),
            data[0].getScalars().getStringData().getDataCount());
  }

  MutationResult delete(String filter) {
    DeleteRequest request =
        DeleteRequest.newBuilder().setCollectionName(NAME).setExpr(filter).build();
    return cluster.call(() -> cluster.service(WriteService.class).delete(request));
  }

  QueryResults query(String filter, String... output) {
    QueryRequest request =
        QueryRequest.newBuilder()
            .setCollectionName(NAME)
            .setExpr(filter)
            .addAllOutputFields(List.of(output))
            .build();
    return cluster.call(() -> cluster.service(ReadService.class).query(request));
  }

  /// A search for one vector.
  SearchResultData search(SearchRequest.Builder request, float... vector) {
    SearchRequest whole =
        request.setCollectionName(NAME).setPlaceholderGroup(placeholder(vector)).build();
    return cluster.call(() -> cluster.service(ReadService.class).search(whole)).getResults();
  }

  static SearchRequest.Builder top(int topk, int offset) {
    return SearchRequest.newBuilder()
        .setUseDefaultConsistency(true)
        .addSearchParams(Requests.pair("anns_field", "v"))
        .addSearchParams(Requests.pair("topk", Integer.toString(topk)))
        .addSearchParams(Requests.pair("offset", Integer.toString(offset)));
  }

  static ByteString placeholder(float... vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return PlaceholderGroup.newBuilder()
        .addPlaceholders(
            PlaceholderValue.newBuilder()
                .setTag("$0")
                .setType(PlaceholderType.FloatVector)
                .addValues(ByteString.copyFrom(bytes)))
        .build()
        .toByteString();
  }
}
