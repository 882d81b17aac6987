package io.elanus.chaos.workload;

import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq.CollectionSchema;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import io.milvus.v2.service.index.request.CreateIndexReq;
import java.util.List;
import java.util.Map;

/// Makes the collection that [Rows] fit in.
public final class Catalog {
  private Catalog() {}

  /// @param index `FLAT` or `HNSW`
  public record Shape(int shards, int replicas, IndexParam.IndexType index) {}

  /// Creates and loads the collection of the scene, and waits until it can be searched.
  ///
  /// @throws IllegalStateException when that fails
  public static void create(Scene scene, Shape shape) {
    try (Client client = new Client(scene, 0, Client.Retries.SDK_DEFAULT)) {
      require(client.perform("create", sdk -> create(sdk, scene, shape)), scene);
      require(client.perform("create-index", sdk -> index(sdk, scene.collection(), shape)), scene);
      require(client.perform("load", sdk -> load(sdk, scene.collection(), shape)), scene);
    }
  }

  private static void require(boolean done, Scene scene) {
    if (!done) {
      throw new IllegalStateException(
          "%s cannot be made: %s"
              .formatted(scene.collection(), scene.history().events().getLast()));
    }
  }

  /// Without an index: with one, the SDK would load it, too, and with one replica.
  private static void create(MilvusClientV2 sdk, Scene scene, Shape shape) {
    sdk.createCollection(
        CreateCollectionReq.builder()
            .collectionName(scene.collection())
            .collectionSchema(schema(scene.rows().dimension()))
            .numShards(shape.shards)
            .consistencyLevel(ConsistencyLevel.STRONG)
            .build());
  }

  private static void index(MilvusClientV2 sdk, String name, Shape shape) {
    sdk.createIndex(
        CreateIndexReq.builder().collectionName(name).indexParams(List.of(index(shape))).build());
  }

  private static void load(MilvusClientV2 sdk, String name, Shape shape) {
    sdk.loadCollection(
        LoadCollectionReq.builder()
            .collectionName(name)
            .numReplicas(shape.replicas)
            .sync(true)
            .build());
  }

  private static CollectionSchema schema(int dimension) {
    CollectionSchema schema = CollectionSchema.builder().build();
    schema.addField(field(Rows.ID, DataType.Int64).isPrimaryKey(true).build());
    schema.addField(field(Rows.VERSION, DataType.Int64).build());
    schema.addField(field(Rows.VECTOR, DataType.FloatVector).dimension(dimension).build());
    schema.addField(field(Rows.NUMBER, DataType.Double).build());
    schema.addField(field(Rows.TEXT, DataType.VarChar).maxLength(Rows.MAX_TEXT).build());
    return schema;
  }

  private static AddFieldReq.AddFieldReqBuilder<?> field(String name, DataType type) {
    return AddFieldReq.builder().fieldName(name).dataType(type);
  }

  private static IndexParam index(Shape shape) {
    Map<String, Object> extra =
        shape.index == IndexParam.IndexType.HNSW
            ? Map.of("M", 16, "efConstruction", 100)
            : Map.of();
    return IndexParam.builder()
        .fieldName(Rows.VECTOR)
        .indexType(shape.index)
        .metricType(IndexParam.MetricType.L2)
        .extraParams(extra)
        .build();
  }
}
