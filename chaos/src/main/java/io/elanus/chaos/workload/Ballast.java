package io.elanus.chaos.workload;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.elanus.chaos.history.Anomaly;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq.CollectionSchema;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import io.milvus.v2.service.index.request.CreateIndexReq;
import io.milvus.v2.service.utility.request.FlushReq;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A collection that is there to be heavy: vectors of 1,024 floats that nobody changes, each row searched for by
/// its own vector.
public final class Ballast implements Load.Work {
  /// Its name.
  public static final String COLLECTION = "ballast";

  /// What its searches are called in the history.
  public static final String SEARCH = "search-ballast";

  private static final String ID = "id";
  private static final String VECTOR = "vector";
  private static final int DIMENSION = 1_024;
  private static final int BYTES_PER_ROW = DIMENSION * Float.BYTES;
  private static final int BATCH = 1_000;
  private static final Duration PACE = Duration.ofSeconds(2);

  /// A machine that does all of this at once may need longer than a deadline for a flush or a load.
  private static final int TRIES = 20;

  /// What vectors are made of: made anew for each, these would be most of the work.
  private static final List<JsonPrimitive> VALUES =
      IntStream.range(0, 1 << 12).mapToObj(i -> new JsonPrimitive(i / (float) (1 << 12))).toList();

  private final int rows;
  private final Random random;
  private final Pace pace;

  private Ballast(int rows) {
    this.rows = rows;
    this.random = new Random(rows);
    this.pace = new Pace(random, PACE);
  }

  /// Makes the collection, and loads it, with one replica, when all its rows are in segments.
  ///
  /// @param bytes of vectors, at least
  /// @throws IllegalStateException when the servers refuse that
  public static Ballast load(Client client, long bytes) {
    int rows = Math.toIntExact(Math.ceilDiv(bytes, BYTES_PER_ROW));
    insist(client, "create-ballast", Ballast::create);
    insist(client, "create-index-ballast", Ballast::index);
    for (int first = 0; first < rows; first += BATCH) {
      List<JsonObject> batch =
          IntStream.range(first, Math.min(rows, first + BATCH)).mapToObj(Ballast::row).toList();
      insist(client, "upsert-ballast", sdk -> upsert(sdk, batch));
    }
    insist(client, "flush-ballast", Ballast::flush);
    insist(client, "load-ballast", Ballast::load);
    return new Ballast(rows);
  }

  /// What is asked again has the same effect.
  private static void insist(Client client, String name, Consumer<MilvusClientV2> request) {
    for (int i = 0; i < TRIES; i++) {
      if (client.perform(name, request)) {
        return;
      }
    }
    throw new IllegalStateException(
        "%s: %s".formatted(name, client.scene().history().events().getLast()));
  }

  @Override
  public void step(Client client) {
    int key = random.nextInt(rows);
    SearchReq request =
        SearchReq.builder()
            .collectionName(COLLECTION)
            .data(List.of(new FloatVec(vector(key).map(JsonPrimitive::getAsFloat).toList())))
            .limit(1)
            .consistencyLevel(ConsistencyLevel.EVENTUALLY)
            .build();
    client
        .call(SEARCH, sdk -> sdk.search(request).getSearchResults().getFirst())
        .filter(found ->
            found.value().isEmpty() || !found.value().getFirst().getId().equals((long) key))
        .ifPresent(found ->
            client.find(
                Anomaly.WRONG_SEARCH,
                key,
                "%s returned %s".formatted(SEARCH, found.value()),
                found.span()));
    pace.rest();
  }

  private static JsonObject row(int key) {
    JsonArray vector = new JsonArray(DIMENSION);
    vector(key).forEach(vector::add);
    JsonObject row = new JsonObject();
    row.addProperty(ID, (long) key);
    row.add(VECTOR, vector);
    return row;
  }

  private static Stream<JsonPrimitive> vector(int key) {
    return new Random(key).ints(DIMENSION, 0, VALUES.size()).mapToObj(VALUES::get);
  }

  private static void create(MilvusClientV2 sdk) {
    CollectionSchema schema = CollectionSchema.builder().build();
    schema.addField(
        AddFieldReq.builder().fieldName(ID).dataType(DataType.Int64).isPrimaryKey(true).build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName(VECTOR)
            .dataType(DataType.FloatVector)
            .dimension(DIMENSION)
            .build());
    sdk.createCollection(
        CreateCollectionReq.builder()
            .collectionName(COLLECTION)
            .collectionSchema(schema)
            .numShards(1)
            .build());
  }

  private static void index(MilvusClientV2 sdk) {
    IndexParam flat =
        IndexParam.builder()
            .fieldName(VECTOR)
            .indexType(IndexParam.IndexType.FLAT)
            .metricType(IndexParam.MetricType.L2)
            .build();
    sdk.createIndex(
        CreateIndexReq.builder().collectionName(COLLECTION).indexParams(List.of(flat)).build());
  }

  private static void upsert(MilvusClientV2 sdk, List<JsonObject> batch) {
    sdk.upsert(UpsertReq.builder().collectionName(COLLECTION).data(batch).build());
  }

  private static void flush(MilvusClientV2 sdk) {
    sdk.flush(
        FlushReq.builder()
            .collectionNames(List.of(COLLECTION))
            .waitFlushedTimeoutMs(Connection.DEADLINE.toMillis())
            .build());
  }

  private static void load(MilvusClientV2 sdk) {
    sdk.loadCollection(LoadCollectionReq.builder().collectionName(COLLECTION).sync(true).build());
  }
}
