package io.elanus.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import io.milvus.v2.service.utility.request.FlushReq;
import io.milvus.v2.service.vector.request.DeleteReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server of its own is killed and started again; what was acknowledged is there.
class RecoveryTest {
  private static final String NAME = "kept";

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedSurvivesAKill() {
    Path data = folder.resolve("data");
    try (ElanusServer server = ElanusServer.start(data);
        Client client = new Client(server)) {
      client.create();
      client.insert(0, 1500);
      client.flush();
      client.insert(1500, 100);
      client.delete(10, 1510);
      server.kill();
    }

    try (ElanusServer server = ElanusServer.start(data);
        Client client = new Client(server)) {
      client.load();
      assertThat(client.count()).isEqualTo(1598);
      assertThat(client.nearest(42)).isEqualTo(42);
      assertThat(client.nearest(1550)).isEqualTo(1550);
    }
  }

  @Test
  void aLostCacheIsBroughtAgain() throws IOException {
    Path data = folder.resolve("data");
    try (ElanusServer server = ElanusServer.start(data);
        Client client = new Client(server)) {
      client.create();
      client.insert(0, 1200);
      client.flush();
    }
    deleteAll(data.resolve("cache"));
    deleteAll(data.resolve("querynode-1/cache"));
    deleteAll(data.resolve("querynode-2/cache"));

    try (ElanusServer server = ElanusServer.start(data);
        Client client = new Client(server)) {
      client.load();
      assertThat(client.count()).isEqualTo(1200);
      assertThat(client.nearest(7)).isEqualTo(7);
    }
  }

  private static void deleteAll(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static final class Client implements AutoCloseable {
    private final MilvusClientV2 sdk;

    Client(ElanusServer server) {
      sdk = new MilvusClientV2(ConnectConfig.builder().uri(server.uri()).build());
    }

    void create() {
      sdk.createCollection(
          CreateCollectionReq.builder()
              .collectionName(NAME)
              .dimension(2)
              .metricType("L2")
              .consistencyLevel(ConsistencyLevel.STRONG)
              .build());
    }

    void load() {
      sdk.loadCollection(LoadCollectionReq.builder().collectionName(NAME).build());
    }

    void insert(int from, int count) {
      List<JsonObject> rows = IntStream.range(from, from + count).mapToObj(Client::row).toList();
      sdk.insert(InsertReq.builder().collectionName(NAME).data(rows).build());
    }

    void delete(long... keys) {
      List<Object> ids = Arrays.stream(keys).<Object>mapToObj(key -> key).toList();
      sdk.delete(DeleteReq.builder().collectionName(NAME).ids(ids).build());
    }

    void flush() {
      sdk.flush(FlushReq.builder().collectionNames(List.of(NAME)).build());
    }

    long count() {
      return (Long)
          Objects.requireNonNull(
              sdk.query(
                      QueryReq.builder()
                          .collectionName(NAME)
                          .filter("")
                          .outputFields(List.of("count(*)"))
                          .consistencyLevel(ConsistencyLevel.STRONG)
                          .build())
                  .getQueryResults()
                  .getFirst()
                  .getEntity()
                  .get("count(*)"));
    }

    long nearest(int key) {
      return (Long)
          sdk.search(
                  SearchReq.builder()
                      .collectionName(NAME)
                      .data(List.of(new FloatVec(new float[] {key, key})))
                      .limit(1)
                      .consistencyLevel(ConsistencyLevel.STRONG)
                      .build())
              .getSearchResults()
              .getFirst()
              .getFirst()
              .getId();
    }

    private static JsonObject row(int key) {
      JsonArray vector = new JsonArray();
      vector.add((float) key);
      vector.add((float) key);
      JsonObject row = new JsonObject();
      row.addProperty("id", key);
      row.add("vector", vector);
      return row;
    }

    @Override
    public void close() {
      sdk.close();
    }
  }
}
