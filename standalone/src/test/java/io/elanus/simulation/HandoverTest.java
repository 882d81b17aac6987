package io.elanus.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.elanus.common.error.DbException;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Drainable;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.datacoord.DataCoordRole;
import io.elanus.proto.internal.CreateCollectionRequest;
import io.elanus.proto.internal.DataNodeStatusRequest;
import io.elanus.proto.internal.OwnedLogStatus;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.FloorCodec;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.simulation.Node.Kind;
import io.elanus.simulation.SimulatedCluster.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How long it takes until logs have their next owner, and what moves when nothing should: datacoord and
/// datanodes together, without faults but the one each test is about.
@SuppressWarnings("NullAway.Init") // before each test
class HandoverTest {
  private static final int LOGS = 8;

  /// From a death that was noticed to a log that is read to its end by the next owner.
  private static final Duration TAKE_UP = Duration.ofSeconds(1);

  @TempDir Path scratch;

  private SimulatedRun world;
  private SimulatedCluster cluster;
  private SimulatedProcess operator;

  @BeforeAll
  static void quiet() {
    SimulationCommand.logAt(Level.OFF);
  }

  /// Two datanodes that own four logs each, one of which has records.
  private void simulate(long seed, Runnable body) {
    world = new SimulatedRun(seed);
    Shape shape = new Shape(LOGS, 1, 2, 1 << 20, Duration.ofMinutes(10), Duration.ofMillis(50));
    cluster = new SimulatedCluster(world, shape, 0, Plant.NONE, scratch.resolve("" + seed));
    operator = world.process("operator");
    world.run(
        () -> {
          cluster.startAll();
          eventually(this::isCollectionMade);
          eventually(() -> owners().values().stream().distinct().count() == 2);
          eventually(this::isBalanced);
          for (int i = 0; i < 200; i++) {
            cluster.poison().insert();
          }
          eventually(this::isAllApplied);
          body.run();
          cluster.verdicts().throwIfAny();
        },
        Duration.ofMinutes(30));
  }

  private boolean isCollectionMade() {
    try {
      cluster
          .poison()
          .know(
              CatalogCodec.decode(
                  cluster
                      .peers(operator)
                      .rootCoord()
                      .createCollection(
                          CreateCollectionRequest.newBuilder()
                              .setSchema(SchemaCodec.encode(Films.schema()))
                              .setShardCount(1)
                              .build())
                      .getCollection()));
      return true;
    } catch (DbException _) {
      return false;
    }
  }

  /// Owner and epoch of each log.
  private Map<String, String> ownersWithEpochs() {
    Map<String, String> owners = new TreeMap<>();
    for (MetaEntry entry : cluster.meta().range(MetaKeys.OWNERS).entries()) {
      OwnerMeta owner = CatalogCodec.parse(entry, OwnerMeta.parser());
      owners.put(entry.key(), owner.getNodeId() + "@" + owner.getEpoch());
    }
    return owners;
  }

  private Map<String, NodeId> owners() {
    Map<String, NodeId> owners = new TreeMap<>();
    ownersWithEpochs()
        .forEach((log, owner) ->
            owners.put(log, new NodeId(Long.parseLong(owner.substring(0, owner.indexOf('@'))))));
    return owners;
  }

  private boolean isBalanced() {
    Map<NodeId, Integer> counts = new TreeMap<>();
    owners().values().forEach(node -> counts.merge(node, 1, Integer::sum));
    return counts.values().stream().allMatch(count -> count == LOGS / 2);
  }

  /// Whether every log is read to its end by the owner that the metastore names.
  private boolean isAllApplied() {
    List<Integer> applied = new ArrayList<>();
    for (NodeId node : owners().values().stream().distinct().toList()) {
      cluster
          .node(node)
          .filter(Node::isAlive)
          .ifPresent(owner ->
              statusOf(owner).stream()
                  .filter(log -> log.getApplied() == end(log.getLog()))
                  .forEach(log -> applied.add(log.getLog())));
    }
    return applied.size() == LOGS;
  }

  private static List<OwnedLogStatus> statusOf(Node node) {
    DataNodeApi api = (DataNodeApi) Objects.requireNonNull(node.apis().get(DataNodeApi.class));
    return api.dataNodeStatus(DataNodeStatusRequest.getDefaultInstance()).getLogsList();
  }

  private long end(int log) {
    return cluster.wal().end(new LogId(log)).offset();
  }

  private Node ownerOfData() {
    String key = MetaKeys.owner(cluster.poison().collection().orElseThrow().shardLogs().getFirst());
    return cluster.node(Objects.requireNonNull(owners().get(key))).orElseThrow();
  }

  /// @return how long it took
  private Duration eventually(BooleanSupplier goal) {
    long start = world.nanoTime();
    while (!goal.getAsBoolean()) {
      world.sleep(Duration.ofMillis(10));
    }
    return Duration.ofNanos(world.nanoTime() - start);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theLogsOfADeadNodeAreTakenOverWhenItsLeaseEnds(long seed) {
    simulate(
        seed,
        () -> {
          Node dead = ownerOfData();
          world.kill(dead.process());

          Duration taken = eventually(() -> !owners().containsValue(dead.id()) && isAllApplied());

          assertThat(taken).isLessThan(SimulatedCluster.TTL.plus(TAKE_UP));
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aNodeThatRestartsWithinItsLeaseGetsItsLogsBackAndNoOthersMove(long seed) {
    simulate(
        seed,
        () -> {
          Node dead = ownerOfData();
          Map<String, String> before = ownersWithEpochs();
          world.kill(dead.process());
          cluster.start(Kind.DATANODE, dead.slot());
          world.sleep(Duration.ofSeconds(30));

          Map<String, String> after = ownersWithEpochs();
          before.forEach((log, owner) -> {
            if (!owner.startsWith(dead.id() + "@")) {
              assertThat(after.get(log)).isEqualTo(owner);
            } else {
              assertThat(after.get(log)).endsWith("@" + (epoch(owner) + 1));
            }
          });
          assertThat(isBalanced()).isTrue();
          assertThat(isAllApplied()).isTrue();
        });
  }

  private static long epoch(String owner) {
    return Long.parseLong(owner.substring(owner.indexOf('@') + 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aNodeThatLeavesHandsItsLogsOverFlushed(long seed) {
    simulate(
        seed,
        () -> {
          Node leaving = ownerOfData();
          LogId data = cluster.poison().collection().orElseThrow().shardLogs().getFirst();
          long start = world.nanoTime();
          List<String> left = new ArrayList<>();
          leaving
              .process()
              .fork(
                  "drain",
                  () -> {
                    for (AutoCloseable role : leaving.roles()) {
                      left.addAll(
                          ((Drainable) role)
                              .drain(Deadline.after(leaving.process(), Duration.ofSeconds(100))));
                    }
                  })
              .awaitEnd();

          assertThat(left).isEmpty();
          assertThat(Duration.ofNanos(world.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
          assertThat(owners()).doesNotContainValue(leaving.id());
          assertThat(
                  FloorCodec.decode(cluster.meta().get(MetaKeys.floor(data)).orElseThrow())
                      .offset())
              .isEqualTo(end(data.value()));
          assertThat(eventually(this::isAllApplied)).isLessThan(TAKE_UP);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aNextDatacoordMovesNothing(long seed) {
    simulate(
        seed,
        () -> {
          Map<String, String> before = ownersWithEpochs();
          Node leader =
              cluster.alive(Kind.COORDINATOR).stream()
                  .filter(HandoverTest::leadsData)
                  .findFirst()
                  .orElseThrow();
          world.kill(leader.process());
          world.sleep(Duration.ofSeconds(30));

          assertThat(ownersWithEpochs()).isEqualTo(before);
        });
  }

  private static boolean leadsData(Node node) {
    return node.roles().stream()
        .anyMatch(role -> role instanceof DataCoordRole data && data.isLeading());
  }
}
