package io.elanus.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.CreateCollectionRequest;
import io.elanus.proto.milvus.DeleteRequest;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proxy.service.WriteService;
import io.elanus.proxy.write.Backlog;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.simulation.Node.Kind;
import io.elanus.simulation.SimulatedCluster.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of writes when nobody flushes: a whole cluster whose datanodes are stopped.
@SuppressWarnings("NullAway.Init") // before each test
class BackPressureTest {
  private static final Backlog.Limits LIMITS = new Backlog.Limits(20_000, 30_000);
  private static final int ROWS = 10;

  @TempDir Path scratch;

  private SimulatedRun world;
  private SimulatedCluster cluster;
  private SimulatedProcess client;
  private long inserted;

  @BeforeAll
  static void quiet() {
    SimulationCommand.logAt(Level.OFF);
  }

  private void simulate(long seed, Runnable body) {
    world = new SimulatedRun(seed);
    Shape shape = new Shape(1, 1, 1, 4_096, Duration.ofMinutes(10), Duration.ofMillis(50), LIMITS);
    cluster = new SimulatedCluster(world, shape, 0, Plant.NONE, scratch.resolve("" + seed));
    client = world.process("client");
    world.run(
        () -> {
          cluster.startAll();
          eventually(this::isCollectionMade);
          eventually(() -> insert().isEmpty());
          body.run();
        },
        Duration.ofMinutes(30));
  }

  private boolean isCollectionMade() {
    try {
      cluster
          .peers(client)
          .rootCoord()
          .createCollection(
              CreateCollectionRequest.newBuilder()
                  .setSchema(SchemaCodec.encode(Films.schema()))
                  .setShardCount(1)
                  .build());
      return true;
    } catch (DbException _) {
      return false;
    }
  }

  /// @return why it was refused
  private Optional<DbException> insert() {
    long[] keys = new long[ROWS];
    for (int i = 0; i < ROWS; i++) {
      keys[i] = ++inserted;
    }
    InsertRequest request =
        InsertRequest.newBuilder()
            .setCollectionName(Films.NAME)
            .setNumRows(ROWS)
            .addAllFieldsData(Films.columns(keys, keys, keys))
            .build();
    return write(writes -> writes.insert(request));
  }

  private Optional<DbException> delete() {
    DeleteRequest request =
        DeleteRequest.newBuilder().setCollectionName(Films.NAME).setExpr("id in [1]").build();
    return write(writes -> writes.delete(request));
  }

  /// On a task of the proxy, whose clock its deadlines have.
  private Optional<DbException> write(Consumer<WriteService> call) {
    Node proxy = cluster.alive(Kind.PROXY).getFirst();
    List<DbException> refused = new ArrayList<>();
    proxy
        .process()
        .fork(
            "write",
            () -> {
              try {
                Deadline deadline = Deadline.after(proxy.process(), Duration.ofSeconds(10));
                WriteService service =
                    Optional.ofNullable((WriteService) proxy.apis().get(WriteService.class))
                        .orElseThrow(() -> ErrorCode.SERVICE_UNAVAILABLE.because("starting"));
                new RequestContext("default", "root", "write", deadline, 0)
                    .call(() -> {
                      call.accept(service);
                      return true;
                    });
              } catch (DbException e) {
                refused.add(e);
              }
            })
        .awaitEnd();
    return refused.stream().findFirst();
  }

  private void eventually(BooleanSupplier goal) {
    while (!goal.getAsBoolean()) {
      world.sleep(Duration.ofMillis(50));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whileNobodyFlushesWritesAreRefusedAtTheLimitAndGoOnWhenSomebodyDoes(long seed) {
    simulate(
        seed,
        () -> {
          cluster.alive(Kind.DATANODE).forEach(node -> world.kill(node.process()));
          Optional<DbException> refused = Optional.empty();
          int accepted = 0;
          while (refused.isEmpty()) {
            refused = insert();
            accepted++;
          }

          assertThat(refused.get().code()).isEqualTo(ErrorCode.RATE_LIMIT);
          assertThat(refused.get().text())
              .startsWith("rate limit exceeded[shard=")
              .contains("[limit=20000][reason=its datanode is behind or stopped]");
          assertThat(accepted).isBetween(10, 100);
          assertThat(delete()).isPresent();
          long end = cluster.wal().end(new LogId(0)).offset();
          world.sleep(Duration.ofMinutes(1));
          assertThat(insert()).isPresent();
          assertThat(cluster.wal().end(new LogId(0)).offset()).isEqualTo(end);

          cluster.startMissing();
          eventually(() -> insert().isEmpty());
          assertThat(delete()).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whileSomebodyFlushesNothingIsRefused(long seed) {
    simulate(
        seed,
        () -> {
          for (int i = 0; i < 500; i++) {
            assertThat(insert()).isEmpty();
            world.sleep(Duration.ofMillis(5));
          }
        });
  }
}
