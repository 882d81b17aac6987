package io.elanus.simulation;

import io.elanus.common.error.DbException;
import io.elanus.common.model.Collection;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.run.SimulationFailed;
import io.elanus.common.run.Task;
import io.elanus.proto.internal.CreateCollectionRequest;
import io.elanus.proto.internal.CreateIndexRequest;
import io.elanus.proto.internal.FlushRequest;
import io.elanus.proto.internal.FlushStateRequest;
import io.elanus.proto.internal.IndexParam;
import io.elanus.proto.internal.IndexProgressRequest;
import io.elanus.proto.internal.LoadCollectionRequest;
import io.elanus.proto.internal.LoadStateRequest;
import io.elanus.proto.internal.RestoreProgress;
import io.elanus.proto.internal.RestoresRequest;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.rpc.internal.Peers;
import io.elanus.simulation.Client.Habits;
import io.elanus.simulation.Cut.Part;
import io.elanus.simulation.Operation.Outcome;
import io.elanus.simulation.SimulatedCluster.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One seed: a cluster is set up, clients work under faults, the faults stop, and then everything has to
/// come to rest and be right.
final class Simulation {
  private static final Duration SETUP = Duration.ofSeconds(60);
  private static final Duration REST = Duration.ofSeconds(90);

  /// A job that failed often waits up to five minutes for its next try.
  private static final Duration INDEXED = Duration.ofMinutes(6);

  private static final int CATALOG_CLIENTS = 2;

  /// Of all clients together, about: where they hurry, little is learned by the last half of a long run.
  private static final int MAX_STEPS = 250;

  private static final Duration LIMIT = Duration.ofMinutes(20);

  /// Longer than any restart of the [Nemesis] is delayed, and any pause lasts.
  private static final Duration CALM = Duration.ofSeconds(13);

  /// What a run was like that went well.
  record Result(
      long traceHash,
      long switches,
      long records,
      long repeats,
      long partials,
      long refusals,
      long manifests,
      long deleteFiles,
      long takeovers,
      long edits,
      long compactions,
      long fences,
      long drops,
      long answers,
      long acked,
      long failed,
      long unknown,
      long checks,
      long peerAnswers,
      long pastAnswers,
      long snapshots,
      long restoredShards,
      int starts) {}

  private final Cut cut;
  private final SimulatedRun world;
  private final SplittableRandom shaping;
  private final OperationHistory history = new OperationHistory();
  private final SimulatedCluster cluster;
  private final Habits habits;

  /// In every other seed somebody makes and drops collections beside.
  private final NameHistory names = new NameHistory();

  private final boolean naming;
  private final SimulatedProcess operator;
  private final Peers peers;
  private @Nullable Collection flushed;
  private IndexId index = new IndexId(0);

  /// In every other seed each of the two query nodes has a whole replica.
  private final int replicas;

  /// In every other seed segments get index files.
  private final boolean graphs;

  /// In every fifth seed rows live for a few seconds only: nobody finds again what he wrote.
  private final boolean expiring;

  /// In every third seed somebody takes snapshots.
  private final boolean archiving;

  private long flushNote;

  private Simulation(long seed, Plant plant, Cut cut, Path scratch) {
    this.cut = cut;
    this.world = new SimulatedRun(seed);
    this.shaping = new SplittableRandom(seed);
    Shape shape =
        new Shape(
            shaping.nextInt(1, 3),
            shaping.nextInt(1, 4),
            2,
            1 << shaping.nextInt(10, 14),
            Duration.ofMillis(shaping.nextInt(100, 5_000)),
            Duration.ofMillis(shaping.nextInt(5, 200)));
    double[] strengths = {0, 0.5, 1, 2};
    double strength = strengths[shaping.nextInt(strengths.length)];
    this.cluster = new SimulatedCluster(world, shape, strength, plant, cut, scratch);
    this.habits = plant.habits(Habits.drawn(shaping));
    this.operator = world.process("operator");
    this.peers = cluster.peers(operator);
    this.replicas = 1 + (int) (seed & 1);
    this.graphs = shaping.nextBoolean();
    this.expiring = seed % 5 == 4;
    this.archiving = seed % 3 == 2 && !cut.lacks(Part.SNAPSHOTS);
    this.naming = plant.isNaming(shaping.nextBoolean()) && !cut.lacks(Part.NAMES);
  }

  /// @throws Violation naming the seed, what is wrong, and how to see it again
  static Result run(long seed, Plant plant) {
    return run(seed, plant, Cut.NOTHING);
  }

  /// @param cut what of the seed's run is left out
  /// @throws Violation as above
  static Result run(long seed, Plant plant, Cut cut) {
    Path scratch = newFolder(seed);
    try {
      Simulation simulation = new Simulation(seed, plant, cut, scratch);
      simulation.world.run(simulation::main, LIMIT);
      return simulation.result();
    } catch (SimulationFailed e) {
      throw new Violation(
          "%s%nagain: standalone/simulate --from %d --count 1%s --log WARN"
              .formatted(e.getMessage(), seed, cut.options()),
          e);
    } finally {
      delete(scratch);
    }
  }

  private void main() {
    world.fork("manifest checks", cluster.manifests()::follow);
    cluster.startAll();
    setUp();
    work();
    cluster.verdicts().throwIfAny();
    calmDown();
    comeToRest();
    cluster.history().catchUp();
    history.checkEffects(cluster.history(), cluster.verdicts());
    if (!expiring) {
      history.checkLinearizable(cluster.verdicts());
    }
    names.check(cluster.history(), cluster.catalog(), cluster.verdicts());
    cluster.stopAll();
    checkTasks();
    cluster.verdicts().throwIfAny();
  }

  private void setUp() {
    eventually("a collection can be made", SETUP, this::isCollectionMade);
    eventually("it can be loaded", SETUP, this::isLoaded);
    if (shaping.nextInt(3) == 0 && !cut.lacks(Part.POISON)) {
      eventually("a second one can be made", SETUP, this::isPoisonMade);
    }
  }

  private boolean isCollectionMade() {
    Collection made =
        CatalogCodec.decode(
            peers
                .rootCoord()
                .createCollection(
                    CreateCollectionRequest.newBuilder()
                        .setSchema(SchemaCodec.encode(Films.schema()))
                        .setShardCount(cluster.shape().shards())
                        .putAllProperties(
                            expiring ? Map.of("collection.ttl.seconds", "3") : Map.of())
                        .build())
                .getCollection());
    cluster.manifests().know(made);
    var defined =
        peers
            .rootCoord()
            .createIndex(
                CreateIndexRequest.newBuilder()
                    .setCollectionId(made.id().value())
                    .setFieldId(Films.VECTOR)
                    .addParams(param("index_type", graphs ? "HNSW" : "FLAT"))
                    .addParams(param("metric_type", "L2"))
                    .build());
    index = new IndexId(defined.getIndex().getId());
    return true;
  }

  private static IndexParam param(String key, String value) {
    return IndexParam.newBuilder().setKey(key).setValue(value).build();
  }

  /// Another collection in the same logs, which nobody loads.
  private boolean isPoisonMade() {
    cluster
        .poison()
        .know(
            CatalogCodec.decode(
                peers
                    .rootCoord()
                    .createCollection(
                        CreateCollectionRequest.newBuilder()
                            .setSchema(
                                SchemaCodec.encode(Films.schema()).toBuilder().setName(Poison.NAME))
                            .setShardCount(1)
                            .build())
                    .getCollection()));
    return true;
  }

  /// Some rows, then a record that nobody can apply, then some more.
  private void poison(long end) {
    long half = world.nanoTime() + (end - world.nanoTime()) / 2;
    while (world.nanoTime() < end) {
      if (world.nanoTime() > half && !cluster.poison().isGiven()) {
        cluster.poison().give();
      } else {
        cluster.poison().insert();
      }
      world.sleep(Duration.ofMillis(400));
    }
  }

  private boolean isLoaded() {
    long id = cluster.manifests().collection().id().value();
    peers
        .queryCoord()
        .loadCollection(
            LoadCollectionRequest.newBuilder()
                .setCollectionId(id)
                .setReplicaNumber(replicas)
                .build());
    return peers
            .queryCoord()
            .loadState(LoadStateRequest.newBuilder().setCollectionId(id).build())
            .getProgress()
        == 100;
  }

  private void work() {
    int millis = shaping.nextInt(4_000, 25_000);
    int clientCount = Math.min(shaping.nextInt(2, 8), cut.clients());
    int pauseMillis = shaping.nextInt(20, 400);
    Duration time =
        Duration.ofMillis(
            Math.min(
                Math.min(millis, cut.millis()),
                4_000 + MAX_STEPS * pauseMillis / Math.max(1, clientCount)));
    long end = world.nanoTime() + time.toNanos();
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < clientCount; i++) {
      Client client = new Client(cluster, history, habits, i);
      tasks.add(client.process().fork("work", () -> client.work(end, pauseMillis)));
    }
    if (shaping.nextInt(4) > 0 && !cut.lacks(Part.NEMESIS)) {
      Nemesis nemesis = new Nemesis(cluster, shaping.nextInt(300, 6_000));
      tasks.add(world.fork("nemesis", () -> nemesis.rage(end)));
    }
    if (cluster.poison().collection().isPresent()) {
      tasks.add(world.fork("poison", () -> poison(end)));
    }
    for (int i = 0; naming && i < CATALOG_CLIENTS; i++) {
      CatalogClient client = new CatalogClient(cluster, names, i);
      tasks.add(client.process().fork("work", () -> client.work(end, 2 * pauseMillis)));
    }
    if (!cut.lacks(Part.MOVER)) {
      Mover mover = new Mover(cluster);
      tasks.add(world.fork("mover", () -> mover.move(end)));
    }
    if (archiving) {
      Archivist archivist = new Archivist(cluster);
      tasks.add(archivist.process().fork("work", () -> archivist.work(end)));
    }
    cluster.chaos().turn(true);
    while (!tasks.stream().allMatch(Task::isDone)) {
      world.sleep(Duration.ofMillis(50));
      cluster.verdicts().throwIfAny();
    }
  }

  private void calmDown() {
    cluster.chaos().turn(false);
    world.sleep(CALM);
    cluster.startMissing();
  }

  /// Liveness (20): without faults everything gets done within a bound.
  private void comeToRest() {
    Client last = new Client(cluster, history, habits, 99);
    for (long key = 0; key < 8; key++) {
      long written = key;
      eventually(
          "key %d can be written".formatted(key), REST, () -> on(last, () -> last.upsert(written)));
    }
    eventually("all rows can be read", REST, () -> on(last, last::queryAll));
    flushed = cluster.manifests().collection();
    eventually("a flush can be asked for", REST, this::isFlushAsked);
    eventually("everything is flushed", REST, this::isFlushed);
    world.sleep(Duration.ofMillis(50));
    if (!expiring) {
      checkFlushed(); // else there is always something new in the logs
    }
    eventually("all rows can be read again", REST, () -> on(last, last::queryAll));
    eventually("all segments have their index", INDEXED, this::isIndexed);
    eventually("what was being restored is there", INDEXED, this::isRestored);
    if (expiring) {
      eventually(
          "what has expired is purged", REST, () -> cluster.manifests().expiredSegments() == 0);
    }
    eventually(
        "nothing lies in the bucket that nobody names",
        REST,
        () -> cluster.manifests().garbage().isEmpty(),
        () -> "" + cluster.manifests().garbage());
    dropAll();
    cluster
        .poison()
        .collection()
        .ifPresent(poisoned -> {
          flushed = poisoned;
          eventually("a flush of the poisoned can be asked for", REST, this::isFlushAsked);
          eventually("the poisoned is in the bucket", REST, this::isFlushed);
          world.sleep(Duration.ofMillis(50));
          cluster.verdicts().check(cluster.poison()::checkKept);
        });
  }

  /// No name is left, and nothing of what was dropped.
  private void dropAll() {
    if (naming) {
      CatalogClient last = new CatalogClient(cluster, names, 99);
      for (String name : CatalogClient.NAMES) {
        eventually("%s can be dropped".formatted(name), REST, () -> on(last, name));
      }
    }
    eventually(
        "nothing is left of what was dropped",
        REST,
        () -> cluster.catalog().leftovers().isEmpty(),
        () -> "" + cluster.catalog().leftovers());
  }

  private boolean on(CatalogClient client, String dropped) {
    boolean[] done = {false};
    client.process().fork("step", () -> done[0] = client.drop(dropped)).awaitEnd();
    return done[0];
  }

  /// Runs a step of a client on a task of its process.
  private boolean on(Client client, BooleanSupplier step) {
    boolean[] done = {false};
    client.process().fork("step", () -> done[0] = step.getAsBoolean()).awaitEnd();
    return done[0];
  }

  private boolean isIndexed() {
    return peers
        .dataCoord()
        .indexProgress(
            IndexProgressRequest.newBuilder()
                .setCollectionId(cluster.manifests().collection().id().value())
                .setIndexId(index.value())
                .build())
        .getFinished();
  }

  private boolean isRestored() {
    List<RestoreProgress> restores =
        peers.dataCoord().restores(RestoresRequest.getDefaultInstance()).getRestoresList();
    for (RestoreProgress restore : restores) {
      String failure = restore.getRestore().getEnded().getFailure();
      cluster.verdicts().require(failure.isEmpty(), "13: a restore has failed: %s", failure);
    }
    return restores.stream().allMatch(restore -> restore.getRestore().hasEnded());
  }

  private boolean isFlushAsked() {
    long id = Objects.requireNonNull(flushed).id().value();
    flushNote =
        peers.dataCoord().flush(FlushRequest.newBuilder().setCollectionId(id).build()).getNoteId();
    return true;
  }

  private boolean isFlushed() {
    return peers
        .dataCoord()
        .flushState(FlushStateRequest.newBuilder().addNoteIds(flushNote).build())
        .getFlushed();
  }

  /// What datacoord calls flushed is in manifests.
  private void checkFlushed() {
    Collection collection = cluster.manifests().collection();
    for (int i = 0; i < collection.shardCount(); i++) {
      ShardId shard = collection.shard(i);
      cluster.history().catchUp(collection.log(shard));
      long checkpoint = cluster.manifests().checkpointOf(shard);
      cluster
          .verdicts()
          .require(
              cluster.history().model(shard).firstRecordFrom(checkpoint).isEmpty(),
              "20: shard %s is called flushed, its manifest covers %d",
              shard,
              checkpoint);
    }
  }

  private void eventually(String what, Duration bound, BooleanSupplier goal) {
    eventually(what, bound, goal, () -> "");
  }

  /// @param instead what there is when it is not reached
  private void eventually(
      String what, Duration bound, BooleanSupplier goal, Supplier<String> instead) {
    long limit = world.nanoTime() + bound.toNanos();
    while (!reached(goal)) {
      cluster.verdicts().throwIfAny();
      if (world.nanoTime() > limit) {
        throw new Violation("20: not within %s: %s %s".formatted(bound, what, instead.get()));
      }
      world.sleep(Duration.ofMillis(200));
    }
  }

  /// On a task of the operator's own, whose calls have its clock.
  private boolean reached(BooleanSupplier goal) {
    boolean[] done = {false};
    operator.fork("goal", () -> done[0] = isTrue(goal)).awaitEnd();
    return done[0];
  }

  private static boolean isTrue(BooleanSupplier goal) {
    try {
      return goal.getAsBoolean();
    } catch (DbException _) {
      return false;
    }
  }

  /// A task of a role may end by an error the product knows, by no other.
  private void checkTasks() {
    for (Throwable failure : world.taskFailures()) {
      cluster
          .verdicts()
          .require(failure instanceof DbException, "a task failed: %s", Texts.of(failure));
    }
  }

  private Result result() {
    return new Result(
        world.traceHash(),
        world.switchCount(),
        cluster.history().recordCount(),
        cluster.history().repeatCount(),
        cluster.history().partialCount(),
        cluster.history().refusedCount(),
        cluster.manifests().manifestCount(),
        cluster.manifests().deleteFileCount(),
        cluster.manifests().takeoverCount(),
        cluster.manifests().editCount(),
        cluster.manifests().compactionCount(),
        cluster.manifests().fenceCount(),
        cluster.catalog().dropCount(),
        cluster.reads().answerCount(),
        history.count(Outcome.ACKED),
        history.count(Outcome.FAILED),
        history.count(Outcome.UNKNOWN),
        cluster.verdicts().checkCount(),
        cluster.peerAnswers(),
        cluster.reads().pastCount(),
        cluster.manifests().snapshotCount(),
        cluster.manifests().restoredCount(),
        cluster.startCount());
  }

  private static Path newFolder(long seed) {
    try {
      return Files.createTempDirectory("elanus-simulation-%d-".formatted(seed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
