package io.elanus.querycoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.LoadCollectionRequest;
import io.elanus.proto.internal.LoadStateRequest;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.proto.internal.ReleaseCollectionRequest;
import io.elanus.rpc.codec.CatalogCodec;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Querycoord over a metastore in memory; nodes come and go as entries.
class QueryCoordRoleTest {
  private static final CollectionId FILMS = new CollectionId(7);

  private SimulatedRun world = new SimulatedRun(0);
  private MemoryMetaStore meta = new MemoryMetaStore(world);
  private FakeQueryNodes nodes = new FakeQueryNodes();
  private int commits;

  private void simulate(long seed, Runnable body) {
    world = new SimulatedRun(seed);
    meta = new MemoryMetaStore(world);
    nodes = new FakeQueryNodes();
    world.run(body, Duration.ofMinutes(10));
  }

  private QueryCoordRole leading(SimulatedProcess process) {
    Member self = new Member(new NodeId(99), QueryCoordRole.NAME, "", "test");
    QueryCoordPorts ports =
        new QueryCoordPorts(process, meta.on(MemoryMetaStore.Faults.NONE), nodes);
    QueryCoordRole role = QueryCoordRole.start(QueryCoordConfig.DEFAULT, ports, self);
    assertThat(role.awaitLeading(Deadline.after(world, Duration.ofSeconds(30)))).isTrue();
    return role;
  }

  private void commit(Change change) {
    meta.commit("test-" + commits++, List.of(), List.of(change));
    world.sleep(Duration.ofSeconds(1));
  }

  private void put(String key, byte[] value) {
    commit(new Change.Put(key, value));
  }

  private void nodeComes(int id) {
    put(MetaKeys.node("querynode", new NodeId(id)), new byte[0]);
  }

  private void nodeGoes(int id) {
    commit(new Change.Remove(MetaKeys.node("querynode", new NodeId(id))));
  }

  private void collection(CollectionId id, int shards) {
    put(MetaKeys.collection(id), CatalogCodec.encode(films(id, shards)).toByteArray());
  }

  private static Collection films(CollectionId id, int shards) {
    CollectionSchema schema =
        new CollectionSchema(
            "films",
            "",
            List.of(
                new Field(100, "id", "", DataType.INT64, true, false, false, false, Map.of()),
                vector(101, "v"),
                vector(102, "w")),
            0);
    return new Collection(
        id,
        new DatabaseId(1),
        "default",
        schema,
        Collections.nCopies(shards, new LogId(0)),
        List.of(),
        ConsistencyLevel.STRONG,
        Map.of(),
        1,
        0,
        1,
        1,
        CollectionState.ACTIVE);
  }

  private static Field vector(long id, String name) {
    return new Field(
        id, name, "", DataType.FLOAT_VECTOR, false, false, false, false, Map.of("dim", "4"));
  }

  private void index(CollectionId collection, long field) {
    IndexDefinition index =
        new IndexDefinition(new IndexId(field), collection, field, "i" + field, Map.of(), 1);
    put(MetaKeys.index(collection, index.id()), CatalogCodec.encode(index).toByteArray());
  }

  private void indexed(CollectionId collection, int shards) {
    collection(collection, shards);
    index(collection, 101);
    index(collection, 102);
  }

  private void load(QueryCoordRole role, CollectionId collection, int replicas) {
    role.service()
        .loadCollection(
            LoadCollectionRequest.newBuilder()
                .setCollectionId(collection.value())
                .setReplicaNumber(replicas)
                .build());
    world.sleep(Duration.ofSeconds(1));
  }

  private LoadStateResponse state(QueryCoordRole role) {
    return role.service()
        .loadState(LoadStateRequest.newBuilder().setCollectionId(FILMS.value()).build());
  }

  private String routes() {
    return ServingLoader.load(meta).routes().entrySet().stream()
        .map(e -> e.getKey() + " -> " + e.getValue())
        .collect(Collectors.joining("; "));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void loadedShardsFollowTheNodes(long seed) {
    simulate(
        seed,
        () -> {
          QueryCoordRole role = leading(world.process("query"));
          indexed(FILMS, 3);
          load(role, FILMS, 1);
          assertThat(routes()).isEmpty();

          nodeComes(1);
          assertThat(routes()).isEqualTo("7/0 -> 1; 7/1 -> 1; 7/2 -> 1");

          nodeComes(2);
          nodeGoes(1);
          assertThat(routes()).isEqualTo("7/0 -> 2; 7/1 -> 2; 7/2 -> 2");

          nodeGoes(2);
          assertThat(routes()).isEqualTo("7/0 -> 2; 7/1 -> 2; 7/2 -> 2");

          role.service()
              .releaseCollection(
                  ReleaseCollectionRequest.newBuilder().setCollectionId(FILMS.value()).build());
          assertThat(routes()).isEmpty();
          assertThat(meta.range(MetaKeys.LOADS).entries()).isEmpty();
          role.close();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aCollectionIsLoadedOnlyWithItsIndexes(long seed) {
    simulate(
        seed,
        () -> {
          QueryCoordRole role = leading(world.process("query"));
          assertThatThrownBy(() -> load(role, FILMS, 1))
              .hasMessage("collection not found[collection=7]");
          collection(FILMS, 1);
          assertThatThrownBy(() -> load(role, FILMS, 1))
              .hasMessage("index not found[collection=films]");
          index(FILMS, 102);
          assertThatThrownBy(() -> load(role, FILMS, 1))
              .hasMessage("there is no vector index on field: [v], please create index firstly");
          index(FILMS, 101);
          load(role, FILMS, 1);
          load(role, FILMS, 0);
          assertThatThrownBy(() -> load(role, FILMS, 2))
              .hasMessage("replica number 2 is not supported, a shard is led by one node");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aDroppedCollectionIsForgotten(long seed) {
    simulate(
        seed,
        () -> {
          SimulatedProcess process = world.process("query");
          QueryCoordRole role = leading(process);
          nodeComes(1);
          indexed(FILMS, 2);
          CollectionId books = new CollectionId(8);
          indexed(books, 1);
          load(role, FILMS, 1);
          load(role, books, 1);

          commit(new Change.Remove(MetaKeys.collection(FILMS)));
          assertThat(routes()).isEqualTo("8/0 -> 1");

          world.kill(process);
          commit(new Change.Remove(MetaKeys.collection(books)));
          leading(world.process("query"));
          world.sleep(Duration.ofSeconds(1));
          assertThat(routes()).isEmpty();
          assertThat(meta.range(MetaKeys.LOADS).entries()).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void progressIsTheMeanOfWhatTheLeadersSay(long seed) {
    simulate(
        seed,
        () -> {
          QueryCoordRole role = leading(world.process("query"));
          assertThat(state(role).getWanted()).isFalse();
          nodeComes(1);
          nodeComes(2);
          indexed(FILMS, 2);
          load(role, FILMS, 1);

          assertThat(routes()).isEqualTo("7/0 -> 1; 7/1 -> 2");
          assertThat(state(role).getWanted()).isTrue();
          assertThat(state(role).getProgress()).isEqualTo(0);

          nodes.answer(1, 0, 100, true);
          nodes.answer(2, 1, 40, false);
          assertThat(state(role).getProgress()).isEqualTo(70);

          nodes.answer(2, 1, 100, false);
          assertThat(state(role).getProgress()).isEqualTo(99);

          nodes.answer(2, 1, 100, true);
          assertThat(state(role).getProgress()).isEqualTo(100);

          nodes.fail(2, ErrorCode.SERVICE_UNAVAILABLE);
          assertThat(state(role).getProgress()).isEqualTo(50);
        });
  }
}
