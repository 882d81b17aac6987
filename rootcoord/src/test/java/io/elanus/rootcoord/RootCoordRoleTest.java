package io.elanus.rootcoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.CollectionId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.elanus.proto.internal.AllocateTimestampRequest;
import io.elanus.proto.internal.CollectionMeta;
import io.elanus.proto.internal.CreateCollectionRequest;
import io.elanus.proto.internal.CreateDatabaseRequest;
import io.elanus.proto.internal.CreateIndexRequest;
import io.elanus.proto.internal.DescribeCollectionRequest;
import io.elanus.proto.internal.DropCollectionRequest;
import io.elanus.proto.internal.DropIndexRequest;
import io.elanus.proto.internal.ListCollectionsRequest;
import io.elanus.proto.internal.ListDatabasesRequest;
import io.elanus.proto.internal.ListIndexesRequest;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.rpc.internal.RootCoordApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rootcoord over the ports in memory, one process after or beside the other.
class RootCoordRoleTest {
  private SimulatedRun world = new SimulatedRun(0);
  private MemoryMetaStore meta = new MemoryMetaStore(world);
  private MemoryWal wal = new MemoryWal(world, 4);
  private MemoryObjectStore objects = new MemoryObjectStore(world);

  private void simulate(long seed, Runnable body) {
    world = new SimulatedRun(seed);
    meta = new MemoryMetaStore(world);
    wal = new MemoryWal(world, 4);
    objects = new MemoryObjectStore(world);
    world.run(body, Duration.ofMinutes(10));
  }

  private RootProcess leading(int id) {
    return RootProcess.leading(world, id, meta, wal, objects);
  }

  private static CollectionMeta create(RootCoordApi api, String name, int shards) {
    return api.createCollection(
            CreateCollectionRequest.newBuilder()
                .setSchema(SchemaCodec.encode(Films.schema(name, 8)))
                .setShardCount(shards)
                .build())
        .getCollection();
  }

  private static void drop(RootCoordApi api, String name) {
    api.dropCollection(DropCollectionRequest.newBuilder().setName(name).build());
  }

  private static CollectionMeta describe(RootCoordApi api, String name) {
    return api.describeCollection(DescribeCollectionRequest.newBuilder().setName(name).build())
        .getCollection();
  }

  private static long createIndex(RootCoordApi api, CollectionMeta collection) {
    return api.createIndex(
            CreateIndexRequest.newBuilder()
                .setCollectionId(collection.getId())
                .setFieldId(Films.VECTOR_FIELD)
                .build())
        .getIndex()
        .getId();
  }

  private static void dropIndex(RootCoordApi api, CollectionMeta collection, long index) {
    api.dropIndex(
        DropIndexRequest.newBuilder()
            .setCollectionId(collection.getId())
            .setIndexId(index)
            .build());
  }

  private static List<String> names(RootCoordApi api) {
    return api
        .listCollections(ListCollectionsRequest.getDefaultInstance())
        .getCollectionsList()
        .stream()
        .map(c -> c.getSchema().getName())
        .toList();
  }

  /// "collection/shard ddl" of every control record, log after log.
  private List<String> controlRecords() {
    List<String> found = new ArrayList<>();
    for (int log = 0; log < wal.logCount(); log++) {
      try (var reader = wal.tail(new LogId(log), wal.start(new LogId(log)))) {
        reader.poll(Deadline.after(world, Duration.ZERO)).stream()
            .map(r -> RecordCodec.decode(r.bytes()))
            .map(LogRecord.DropCollection.class::cast)
            .forEach(r -> found.add(r.header().shard() + " " + r.header().ddlSequence()));
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aRestartKeepsEverything(long seed) {
    simulate(
        seed,
        () -> {
          RootProcess first = leading(1);
          CollectionMeta films = create(first.api(), "films", 2);
          createIndex(first.api(), films);
          first.api().createDatabase(CreateDatabaseRequest.newBuilder().setName("other").build());
          first.role().close();

          RootProcess second = leading(2);

          assertThat(describe(second.api(), "films")).isEqualTo(films);
          assertThat(
                  second
                      .api()
                      .listIndexes(
                          ListIndexesRequest.newBuilder().setCollectionId(films.getId()).build())
                      .getIndexesList())
              .extracting("name")
              .containsExactly("v");
          assertThat(
                  second
                      .api()
                      .listDatabases(ListDatabasesRequest.getDefaultInstance())
                      .getDatabasesList())
              .extracting("name")
              .containsExactly("default", "other");
          assertThat(create(second.api(), "films", 2)).isEqualTo(films);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aTakeoverKeepsEverythingAndTheDeposedIsRefused(long seed) {
    simulate(
        seed,
        () -> {
          RootProcess first = leading(1);
          create(first.api(), "films", 2);
          RootProcess second =
              RootProcess.start(
                  world,
                  2,
                  meta.on(MemoryMetaStore.Faults.NONE),
                  wal.on(MemoryWal.Faults.NONE),
                  objects);
          assertThatThrownBy(() -> names(second.api()))
              .isInstanceOf(DbException.class)
              .hasMessage("this node does not lead rootcoord");

          world.pause(first.process(), Duration.ofSeconds(60));
          second.awaitLeading();
          create(second.api(), "books", 1);

          assertThatThrownBy(() ->
                  first
                      .api()
                      .allocateTimestamp(AllocateTimestampRequest.newBuilder().setCount(1).build()))
              .isInstanceOfSatisfying(
                  DbException.class,
                  e -> assertThat(e.code()).isIn(ErrorCode.LEADERSHIP_LOST, ErrorCode.TIMEOUT));
          assertThat(names(second.api())).containsExactly("films", "books");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aNameIsFreeAsSoonAsItsDropIsAnswered(long seed) {
    simulate(
        seed,
        () -> {
          RootCoordApi api = leading(1).api();
          for (int i = 0; i < 5; i++) {
            CollectionMeta films = create(api, "films", 3);
            assertThat(versions(api, films)).containsExactly(films.getVersion());

            drop(api, "films");

            assertThat(versions(api, films)).containsExactly(0L);
            assertThat(names(api)).isEmpty();
            assertThatThrownBy(() -> describe(api, "films"))
                .hasMessage("collection not found[database=default][collection=films]");
          }
          drop(api, "films");
          assertThat(controlRecords()).hasSize(15).allMatch(r -> r.endsWith(" 1"));
          assertThat(meta.range(MetaKeys.COLLECTIONS).entries()).isEmpty();
        });
  }

  private static List<Long> versions(RootCoordApi api, CollectionMeta collection) {
    return api.allocateTimestamp(
            AllocateTimestampRequest.newBuilder()
                .setCount(1)
                .addCollectionIds(collection.getId())
                .build())
        .getCollectionVersionsList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aDropThatWasInterruptedIsFinishedByTheNext(long seed) {
    simulate(
        seed,
        () -> {
          RootProcess first =
              RootProcess.start(
                  world, 1, meta.on(MemoryMetaStore.Faults.NONE), wal.on(new OneAppend()), objects);
          first.awaitLeading();
          CollectionMeta films = create(first.api(), "films", 3);
          createIndex(first.api(), films);
          first.process().fork("client", () -> drop(first.api(), "films"));
          world.sleep(Duration.ofSeconds(2));
          assertThat(controlRecords()).containsExactly(films.getId() + "/0 1");
          first.kill();

          RootProcess second = leading(2);
          CollectionMeta successor = create(second.api(), "films", 3);

          assertThat(controlRecords())
              .contains(films.getId() + "/0 1", films.getId() + "/1 1", films.getId() + "/2 1");
          assertThat(successor.getId()).isNotEqualTo(films.getId());
          assertThat(names(second.api())).containsExactly("films");
          assertThat(meta.range(MetaKeys.indexes(new CollectionId(films.getId()))).entries())
              .isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void anIndexOfALoadedCollectionStays(long seed) {
    simulate(
        seed,
        () -> {
          RootCoordApi api = leading(1).api();
          CollectionMeta films = create(api, "films", 1);
          long index = createIndex(api, films);
          String load = MetaKeys.load(new CollectionId(films.getId()));
          meta.commit("load", List.of(), List.of(new Change.Put(load, new byte[0])));

          assertThatThrownBy(() -> dropIndex(api, films, index))
              .hasMessage("vector index cannot be dropped on loaded collection: " + films.getId());

          meta.commit("release", List.of(), List.of(new Change.Remove(load)));
          dropIndex(api, films, index);
          assertThat(meta.range(MetaKeys.INDEXES).entries()).isEmpty();
        });
  }
}
