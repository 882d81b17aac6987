package io.elanus.rootcoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.elanus.proto.internal.AlterAliasRequest;
import io.elanus.proto.internal.CollectionMeta;
import io.elanus.proto.internal.CreateAliasRequest;
import io.elanus.proto.internal.CreateCollectionRequest;
import io.elanus.proto.internal.CreatePartitionRequest;
import io.elanus.proto.internal.DescribeCollectionRequest;
import io.elanus.proto.internal.DropPartitionRequest;
import io.elanus.proto.internal.LoadMeta;
import io.elanus.proto.internal.RenameCollectionRequest;
import io.elanus.proto.internal.TruncateCollectionRequest;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.rpc.internal.RootCoordApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Changes that order against rows: what reaches the logs, and who waits for it.
class DdlRoleTest {
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

  private static CollectionMeta create(RootCoordApi api, String name, int shards) {
    return api.createCollection(
            CreateCollectionRequest.newBuilder()
                .setSchema(SchemaCodec.encode(Films.schema(name, 8)))
                .setShardCount(shards)
                .build())
        .getCollection();
  }

  private static CollectionMeta describe(RootCoordApi api, String name) {
    return api.describeCollection(DescribeCollectionRequest.newBuilder().setName(name).build())
        .getCollection();
  }

  private static void truncate(RootCoordApi api, CollectionMeta collection) {
    api.truncateCollection(
        TruncateCollectionRequest.newBuilder().setCollectionId(collection.getId()).build());
  }

  private static void rename(RootCoordApi api, String from, String to) {
    api.renameCollection(RenameCollectionRequest.newBuilder().setName(from).setNewName(to).build());
  }

  /// "kind shard sequence" of every control record, log after log.
  private List<String> controlRecords() {
    List<String> found = new ArrayList<>();
    for (int log = 0; log < wal.logCount(); log++) {
      try (var reader = wal.tail(new LogId(log), wal.start(new LogId(log)))) {
        reader.poll(Deadline.after(world, Duration.ZERO)).stream()
            .map(r -> RecordCodec.decode(r.bytes()))
            .forEach(r -> found.add(text(r)));
      }
    }
    return found;
  }

  private static String text(LogRecord record) {
    return "%s %d %d"
        .formatted(
            record.getClass().getSimpleName(),
            record.header().shard().index(),
            record.header().ddlSequence());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyShardHearsOfEachChangeInTheOrderOfTheCatalog(long seed) {
    simulate(
        seed,
        () -> {
          RootCoordApi api = RootProcess.leading(world, 1, meta, wal, objects).api();
          CollectionMeta films = create(api, "films", 2);

          truncate(api, films);
          rename(api, "films", "movies");
          api.createAlias(
              CreateAliasRequest.newBuilder().setAlias("x").setCollection("movies").build());
          create(api, "books", 2);
          api.alterAlias(
              AlterAliasRequest.newBuilder().setAlias("x").setCollection("books").build());

          assertThat(controlRecords())
              .containsExactly(
                  "Truncate 0 1",
                  "Rename 0 2",
                  "Rename 0 3",
                  "Truncate 1 1",
                  "Rename 1 2",
                  "Rename 1 3");
          CollectionMeta movies = describe(api, "movies");
          assertThat(movies.getId()).isEqualTo(films.getId());
          assertThat(movies.getDdlSequence()).isEqualTo(3);
          assertThat(movies.hasPending()).isFalse();
          assertThat(describe(api, "x").getSchema().getName()).isEqualTo("books");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aChangeThatWasInterruptedIsFinishedByTheNext(long seed) {
    simulate(
        seed,
        () -> {
          RootProcess first =
              RootProcess.start(
                  world, 1, meta.on(MemoryMetaStore.Faults.NONE), wal.on(new OneAppend()), objects);
          first.awaitLeading();
          create(first.api(), "films", 2);
          first.process().fork("client", () -> rename(first.api(), "films", "movies"));
          world.sleep(Duration.ofSeconds(2));
          assertThat(controlRecords()).containsExactly("Rename 0 1");
          first.kill();

          RootCoordApi second = RootProcess.leading(world, 2, meta, wal, objects).api();
          CollectionMeta successor = create(second, "films", 2);

          assertThat(controlRecords()).contains("Rename 0 1", "Rename 1 1");
          assertThat(describe(second, "movies").getId()).isNotEqualTo(successor.getId());
          assertThat(describe(second, "movies").hasPending()).isFalse();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aLoadedPartitionStays(long seed) {
    simulate(
        seed,
        () -> {
          RootCoordApi api = RootProcess.leading(world, 1, meta, wal, objects).api();
          CollectionMeta films = create(api, "films", 1);
          long partition =
              api.createPartition(
                      CreatePartitionRequest.newBuilder()
                          .setCollectionId(films.getId())
                          .setName("p")
                          .build())
                  .getPartition()
                  .getId();
          DropPartitionRequest drop =
              DropPartitionRequest.newBuilder()
                  .setCollectionId(films.getId())
                  .setName("p")
                  .setPartitionId(partition)
                  .build();
          LoadMeta.Builder load = LoadMeta.newBuilder().setCollectionId(films.getId());
          String key = MetaKeys.load(new CollectionId(films.getId()));
          meta.commit("all", List.of(), List.of(new Change.Put(key, load.build().toByteArray())));

          assertThatThrownBy(() -> api.dropPartition(drop))
              .hasMessage(
                  "partition cannot be dropped, partition is loaded, please release it first");

          load.getScopeBuilder().addReleasedPartitionIds(partition);
          meta.commit("part", List.of(), List.of(new Change.Put(key, load.build().toByteArray())));
          api.dropPartition(drop);
          api.dropPartition(drop);

          assertThat(controlRecords()).containsExactly("DropPartition 0 1");
          assertThat(describe(api, "films").getPartitionsList())
              .extracting("name")
              .containsExactly("_default");
        });
  }
}
