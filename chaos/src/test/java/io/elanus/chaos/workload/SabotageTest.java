package io.elanus.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.elanus.chaos.check.Verdict;
import io.elanus.chaos.check.Violation;
import io.elanus.chaos.history.Anomaly;
import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Event.Write;
import io.elanus.chaos.history.History;
import io.elanus.chaos.history.Level;
import io.elanus.chaos.history.Outcome;
import io.elanus.chaos.system.StandaloneDeployment;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.IndexParam.IndexType;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.vector.request.DeleteReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The whole chain from SDK to verdict, against a server that does what a broken one would: behind the back of
/// the history somebody changes what was acknowledged.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SabotageTest {
  private static final Patience PATIENCE = new Patience(Duration.ofSeconds(60));
  private static final int CLIENTS = 3;

  @TempDir static Path folder;

  private StandaloneDeployment server;
  private MilvusClientV2 saboteur;
  private int collections;

  @BeforeAll
  void start() {
    server =
        new StandaloneDeployment(
            Path.of(System.getProperty("elanus.root", "..")), folder, folder.resolve("data"));
    saboteur = new MilvusClientV2(ConnectConfig.builder().uri(server.uris().getFirst()).build());
  }

  @AfterAll
  void stop() {
    saboteur.close();
    server.close();
  }

  @Test
  void anHonestServerIsClean() {
    Verdict verdict = judge((_, _) -> {});

    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.counts().get("rows_ok")).isGreaterThan(50);
    assertThat(verdict.counts().get("reads_strong")).isGreaterThan(50);
  }

  @Test
  void aLostRowIsFound() {
    assertFound(
        Anomaly.LOST_WRITE,
        (scene, row) ->
            saboteur.delete(
                DeleteReq.builder()
                    .collectionName(scene.collection())
                    .ids(List.of(row.key()))
                    .build()));
  }

  @Test
  void aRowThatIsThereTwiceIsFound() {
    assertFound(
        Anomaly.WRONG_COUNT,
        (scene, row) -> insert(scene, genuine(scene, row.key(), row.version())));
  }

  @Test
  void aRowThatNobodyWroteIsFound() {
    assertFound(
        Anomaly.PHANTOM, (scene, row) -> upsert(scene, genuine(scene, row.key(), 1L << 40)));
  }

  @Test
  void aRowOutsideOfAllKeysIsFound() {
    assertFound(Anomaly.WRONG_COUNT, (scene, _) -> insert(scene, genuine(scene, -5, 1)));
  }

  @Test
  void aChangedByteIsFound() {
    assertFound(
        Anomaly.CORRUPT,
        (scene, row) -> {
          JsonObject changed = genuine(scene, row.key(), row.version());
          changed.addProperty(Rows.NUMBER, changed.get(Rows.NUMBER).getAsDouble() + 1e-9);
          upsert(scene, changed);
        });
  }

  @Test
  void anOldVersionIsFound() {
    Verdict verdict =
        judge((scene, row) -> {
          try (Client client = new Client(scene, 90, Client.Retries.NONE)) {
            client.upsert(Map.of(row.key(), scene.keys().freshVersion()));
          }
          upsert(scene, genuine(scene, row.key(), row.version()));
        });

    assertThat(anomalies(verdict)).contains(Anomaly.STALE_READ, Anomaly.NOT_LINEARIZABLE);
  }

  @Test
  void aDeletedRowThatIsBackIsFound() {
    Verdict verdict =
        judge((scene, row) -> {
          try (Client client = new Client(scene, 90, Client.Retries.NONE)) {
            client.delete(List.of(row.key()));
          }
          insert(scene, genuine(scene, row.key(), row.version()));
        });

    assertThat(anomalies(verdict)).contains(Anomaly.RESURRECTED_DELETE, Anomaly.NOT_LINEARIZABLE);
  }

  @Test
  void aSessionThatMissesItsOwnWriteIsFound() {
    Verdict verdict =
        judge((scene, row) -> {
          try (Client client = new Client(scene, 90, Client.Retries.NONE)) {
            client.upsert(Map.of(row.key(), scene.keys().freshVersion()));
            upsert(scene, genuine(scene, row.key(), row.version()));
            client.query(Level.SESSION, List.of(row.key()));
          }
        });

    assertThat(anomalies(verdict)).contains(Anomaly.BROKEN_SESSION);
  }

  @Test
  void aCollectionThatIsLostIsFound() {
    Verdict verdict =
        judge((scene, _) -> {
          Ddl.Name name = Ddl.Name.of(scene, 90).getFirst();
          try (Client client = new Client(scene, 90, Client.Retries.NONE)) {
            Ddl.create(client, name);
            saboteur.dropCollection(
                DropCollectionReq.builder().collectionName(name.text()).build());
            Ddl.describe(client, name, "describe");
          }
        });

    assertThat(anomalies(verdict)).contains(Anomaly.LOST_WRITE, Anomaly.NOT_LINEARIZABLE);
  }

  private void assertFound(Anomaly anomaly, BiConsumer<Scene, Write> sabotage) {
    assertThat(anomalies(judge(sabotage))).contains(anomaly);
  }

  /// A short load, then the sabotage of one row that is there for certain, then the audit.
  private Verdict judge(BiConsumer<Scene, Write> sabotage) {
    String name = "sabotage_%d".formatted(++collections);
    try (History history = History.to(folder.resolve(name + ".jsonl"))) {
      Scene scene = Scene.of(server::uris, name, Rows.SMALL, history);
      Catalog.create(scene, new Catalog.Shape(2, 1, IndexType.HNSW));
      work(scene);
      sabotage.accept(scene, certainRow(history));
      try (Audit audit = new Audit(scene, 99, PATIENCE)) {
        audit.run();
      }
      return Verdict.of(history.events(), Duration.ofSeconds(5));
    }
  }

  /// Every client a hundred steps, one after the other: nothing here depends on time.
  private static void work(Scene scene) {
    for (int session = 1; session <= CLIENTS; session++) {
      Load.Work work = new OwnKeys(session, Duration.ZERO);
      try (Client client = new Client(scene, session, Client.Retries.NONE)) {
        for (int i = 0; i < 30; i++) {
          work.step(client);
        }
      }
    }
  }

  /// The last write of a key, when it left a row.
  private static Write certainRow(History history) {
    Map<Long, Write> last = new HashMap<>();
    for (Event event : history.events()) {
      if (event instanceof Write write && write.outcome() == Outcome.OK) {
        last.put(write.key(), write);
      }
    }
    return last.values().stream()
        .filter(write -> write.version() != Event.ABSENT)
        .findFirst()
        .orElseThrow();
  }

  private static JsonObject genuine(Scene scene, long key, long version) {
    return scene.rows().row(key, version);
  }

  private void insert(Scene scene, JsonObject row) {
    saboteur.insert(
        InsertReq.builder().collectionName(scene.collection()).data(List.of(row)).build());
  }

  private void upsert(Scene scene, JsonObject row) {
    saboteur.upsert(
        UpsertReq.builder().collectionName(scene.collection()).data(List.of(row)).build());
  }

  private static List<Anomaly> anomalies(Verdict verdict) {
    return verdict.violations().stream().map(Violation::anomaly).distinct().toList();
  }
}
