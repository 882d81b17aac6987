package io.elanus.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.elanus.common.error.DbException;
import io.elanus.common.model.Collection;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.proto.internal.CreateCollectionRequest;
import io.elanus.proto.internal.CreateIndexRequest;
import io.elanus.proto.internal.IndexParam;
import io.elanus.proto.internal.LoadCollectionRequest;
import io.elanus.proto.internal.LoadStateRequest;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.SearchResults;
import io.elanus.proto.milvus.UpsertRequest;
import io.elanus.proxy.service.ReadService;
import io.elanus.proxy.service.WriteService;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.rpc.internal.Peers;
import io.elanus.simulation.Node.Kind;
import io.elanus.simulation.SimulatedCluster.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The real roles on simulated processes, with every coordinator dead for a minute: reads of all levels, also by a
/// proxy that starts meanwhile, and across the death of a query node, without one failure.
class CoordinatorsDownTest {
  private static final int KEYS = 40;
  private static final Duration OUTAGE = Duration.ofSeconds(60);
  private static final Duration TIMEOUT = Duration.ofSeconds(9);

  @TempDir Path scratch;

  @BeforeAll
  static void quiet() {
    SimulationCommand.logAt(Level.OFF);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void noReadFails(long seed) {
    SimulatedRun world = new SimulatedRun(seed);
    Shape shape = new Shape(2, 2, 2, 1 << 12, Duration.ofSeconds(2), Duration.ofMillis(100));
    SimulatedCluster cluster = new SimulatedCluster(world, shape, 0, Plant.NONE, scratch);
    world.run(() -> new Outage(world, cluster).play(), Duration.ofMinutes(20));
  }

  private static final class Outage {
    private final SimulatedRun world;
    private final SimulatedCluster cluster;
    private final SimulatedProcess client;
    private final Peers peers;
    private int reads;

    Outage(SimulatedRun world, SimulatedCluster cluster) {
      this.world = world;
      this.cluster = cluster;
      this.client = world.process("client");
      this.peers = cluster.peers(client);
    }

    void play() {
      world.fork("manifest checks", cluster.manifests()::follow);
      cluster.startAll();
      eventually(this::isMade);
      eventually(this::isLoaded);
      eventually(this::isWritten);
      kill(Kind.COORDINATOR, 0);
      kill(Kind.COORDINATOR, 1);

      readFor(OUTAGE.dividedBy(3));
      kill(Kind.QUERYNODE, 0);
      readFor(OUTAGE.dividedBy(3));
      kill(Kind.PROXY, 0);
      cluster.start(Kind.PROXY, 0);
      world.sleep(Duration.ofSeconds(1));
      kill(Kind.PROXY, 1);
      readFor(OUTAGE.dividedBy(3));

      assertThat(cluster.alive(Kind.COORDINATOR)).isEmpty();
      assertThat(reads).isGreaterThan(100);
      cluster.verdicts().throwIfAny();
    }

    private boolean isMade() {
      Collection made =
          CatalogCodec.decode(
              peers
                  .rootCoord()
                  .createCollection(
                      CreateCollectionRequest.newBuilder()
                          .setSchema(SchemaCodec.encode(Films.schema()))
                          .setShardCount(cluster.shape().shards())
                          .build())
                  .getCollection());
      cluster.manifests().know(made);
      peers
          .rootCoord()
          .createIndex(
              CreateIndexRequest.newBuilder()
                  .setCollectionId(made.id().value())
                  .setFieldId(Films.VECTOR)
                  .addParams(param("index_type", "FLAT"))
                  .addParams(param("metric_type", "L2"))
                  .build());
      return true;
    }

    private static IndexParam param(String key, String value) {
      return IndexParam.newBuilder().setKey(key).setValue(value).build();
    }

    private boolean isLoaded() {
      long id = cluster.manifests().collection().id().value();
      peers
          .queryCoord()
          .loadCollection(
              LoadCollectionRequest.newBuilder().setCollectionId(id).setReplicaNumber(2).build());
      return peers
              .queryCoord()
              .loadState(LoadStateRequest.newBuilder().setCollectionId(id).build())
              .getProgress()
          == 100;
    }

    private boolean isWritten() {
      long[] keys = new long[KEYS];
      long[] tags = new long[KEYS];
      for (int i = 0; i < KEYS; i++) {
        keys[i] = i;
        tags[i] = 1_000 + i;
      }
      UpsertRequest request =
          UpsertRequest.newBuilder()
              .setCollectionName(Films.NAME)
              .setNumRows(KEYS)
              .addAllFieldsData(Films.columns(keys, tags, keys))
              .build();
      return ask(WriteService.class, writes -> writes.upsert(request)).getUpsertCnt() == KEYS;
    }

    private void readFor(Duration time) {
      long end = world.nanoTime() + time.toNanos();
      while (world.nanoTime() < end) {
        onClient(this::read);
        onClient(this::search);
        reads += 2;
        world.sleep(Duration.ofMillis(300));
      }
    }

    private void read() {
      QueryRequest request =
          QueryRequest.newBuilder()
              .setCollectionName(Films.NAME)
              .setExpr("id >= 0")
              .addOutputFields("tag")
              .setConsistencyLevel(ConsistencyLevel.Strong)
              .build();
      QueryResults results = ask(ReadService.class, service -> service.query(request));
      assertThat(results.getFieldsData(0).getScalars().getLongData().getDataCount())
          .isEqualTo(KEYS);
    }

    private void search() {
      SearchRequest request =
          SearchRequest.newBuilder()
              .setCollectionName(Films.NAME)
              .setNq(1)
              .setPlaceholderGroup(Films.placeholders(Films.vector(1_007)))
              .addSearchParams(pair("topk", "3"))
              .addSearchParams(pair("anns_field", "v"))
              .setConsistencyLevel(ConsistencyLevel.Bounded)
              .setGuaranteeTimestamp(2)
              .build();
      SearchResults results = ask(ReadService.class, service -> service.search(request));
      assertThat(results.getResults().getTopks(0)).isEqualTo(3);
      assertThat(results.getResults().getScores(0)).isZero();
    }

    private static KeyValuePair pair(String key, String value) {
      return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
    }

    private <S, T> T ask(Class<S> type, Function<S, T> call) {
      Node proxy = cluster.alive(Kind.PROXY).getFirst();
      RequestContext context =
          new RequestContext("default", "root", "test", Deadline.after(client, TIMEOUT), 0);
      return context.call(() ->
          cluster
              .network()
              .call(
                  client,
                  proxy,
                  type.getSimpleName(),
                  () -> call.apply(Objects.requireNonNull(type.cast(proxy.apis().get(type))))));
    }

    private void kill(Kind kind, int slot) {
      cluster.alive(kind).stream()
          .filter(node -> node.slot() == slot)
          .forEach(node -> world.kill(node.process()));
      cluster.network().cut();
    }

    private void eventually(BooleanSupplier goal) {
      boolean[] done = {false};
      long limit = world.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!done[0]) {
        assertThat(world.nanoTime()).isLessThan(limit);
        onClient(() -> done[0] = isTrue(goal));
        world.sleep(Duration.ofMillis(200));
      }
    }

    private static boolean isTrue(BooleanSupplier goal) {
      try {
        return goal.getAsBoolean();
      } catch (DbException | NullPointerException _) { // nobody is there yet
        return false;
      }
    }

    /// On a task of the client's own, which has its clock.
    private void onClient(Runnable step) {
      Throwable[] failure = new Throwable[1];
      client
          .fork(
              "step",
              () -> {
                try {
                  step.run();
                } catch (RuntimeException | AssertionError e) {
                  failure[0] = e;
                }
              })
          .awaitEnd();
      if (failure[0] != null) {
        throw new AssertionError("read %d failed: %s".formatted(reads, failure[0]), failure[0]);
      }
    }
  }
}
