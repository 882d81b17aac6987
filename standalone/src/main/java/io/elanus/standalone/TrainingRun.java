package io.elanus.standalone;

import com.google.protobuf.ByteString;
import io.elanus.common.run.Run;
import io.elanus.proto.milvus.CollectionSchema;
import io.elanus.proto.milvus.ConnectRequest;
import io.elanus.proto.milvus.CreateCollectionRequest;
import io.elanus.proto.milvus.CreateIndexRequest;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.DeleteRequest;
import io.elanus.proto.milvus.DropCollectionRequest;
import io.elanus.proto.milvus.DslType;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.FloatArray;
import io.elanus.proto.milvus.FlushRequest;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.LoadCollectionRequest;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.proto.milvus.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.elanus.proto.milvus.PlaceholderGroup;
import io.elanus.proto.milvus.PlaceholderType;
import io.elanus.proto.milvus.PlaceholderValue;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.ScalarField;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.VectorField;
import io.elanus.rpc.peer.Channels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/// A few requests a first client would send, so that the JVM learns which classes a start needs: what it
/// learned is kept in the AOT cache (JEP 514) that `./elanus` makes after a build.
final class TrainingRun {
  private static final int DIMENSION = 8;

  private final MilvusServiceBlockingStub stub;

  /// Nobody else's: what is made here is dropped in the end.
  private final String name;

  private TrainingRun(MilvusServiceBlockingStub stub, String name) {
    this.stub = stub;
    this.name = name;
  }

  static void against(Run run, int port) {
    try (Channels channels = new Channels(run, Optional.empty())) {
      String name = "elanus_training_%016x".formatted(run.random().nextLong());
      new TrainingRun(MilvusServiceGrpc.newBlockingStub(channels.to("127.0.0.1:" + port)), name)
          .run();
    }
  }

  private void run() {
    stub.connect(ConnectRequest.getDefaultInstance());
    stub.createCollection(
        CreateCollectionRequest.newBuilder()
            .setCollectionName(name)
            .setSchema(schema().toByteString())
            .build());
    stub.createIndex(
        CreateIndexRequest.newBuilder()
            .setCollectionName(name)
            .setFieldName("vector")
            .addExtraParams(pair("index_type", "FLAT"))
            .addExtraParams(pair("metric_type", "L2"))
            .build());
    stub.loadCollection(LoadCollectionRequest.newBuilder().setCollectionName(name).build());
    stub.insert(
        InsertRequest.newBuilder()
            .setCollectionName(name)
            .setNumRows(1)
            .addAllFieldsData(List.of(ids(), vectors()))
            .build());
    stub.search(search());
    stub.query(
        QueryRequest.newBuilder().setCollectionName(name).setExpr("id in [1] or id > 5").build());
    stub.flush(FlushRequest.newBuilder().addCollectionNames(name).build());
    stub.delete(DeleteRequest.newBuilder().setCollectionName(name).setExpr("id in [1]").build());
    stub.dropCollection(DropCollectionRequest.newBuilder().setCollectionName(name).build());
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

  private SearchRequest search() {
    ByteBuffer zeros = ByteBuffer.allocate(DIMENSION * 4).order(ByteOrder.LITTLE_ENDIAN);
    PlaceholderGroup vectors =
        PlaceholderGroup.newBuilder()
            .addPlaceholders(
                PlaceholderValue.newBuilder()
                    .setTag("$0")
                    .setType(PlaceholderType.FloatVector)
                    .addValues(ByteString.copyFrom(zeros)))
            .build();
    return SearchRequest.newBuilder()
        .setCollectionName(name)
        .setDsl("id > 0")
        .setDslType(DslType.BoolExprV1)
        .setPlaceholderGroup(vectors.toByteString())
        .setNq(1)
        .addSearchParams(pair("anns_field", "vector"))
        .addSearchParams(pair("topk", "1"))
        .addSearchParams(pair("params", "{}"))
        .addOutputFields("id")
        .build();
  }

  private static FieldData ids() {
    return FieldData.newBuilder()
        .setFieldName("id")
        .setType(DataType.Int64)
        .setScalars(ScalarField.newBuilder().setLongData(LongArray.newBuilder().addData(1)))
        .build();
  }

  private static FieldData vectors() {
    FloatArray.Builder values = FloatArray.newBuilder();
    for (int i = 0; i < DIMENSION; i++) {
      values.addData(i);
    }
    return FieldData.newBuilder()
        .setFieldName("vector")
        .setType(DataType.FloatVector)
        .setVectors(VectorField.newBuilder().setDim(DIMENSION).setFloatVector(values))
        .build();
  }

  private static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }
}
