package io.elanus.rootcoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elanus.common.catalog.CatalogEntry;
import io.elanus.common.catalog.CatalogExport;
import io.elanus.common.catalog.CatalogExports;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Incarnation;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.CollectionId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.MemoryObjectStore.Operation;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.run.Task;
import io.elanus.common.security.PasswordHash;
import io.elanus.common.wal.MemoryWal;
import io.elanus.proto.internal.ChangeSecurityRequest;
import io.elanus.proto.internal.CreateCollectionRequest;
import io.elanus.proto.internal.CreateDatabaseRequest;
import io.elanus.proto.internal.CreateIndexRequest;
import io.elanus.proto.internal.DescribeCollectionRequest;
import io.elanus.proto.internal.DropCollectionRequest;
import io.elanus.proto.internal.DropDatabaseRequest;
import io.elanus.proto.internal.DropIndexRequest;
import io.elanus.proto.internal.ListCollectionsRequest;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.rpc.internal.RootCoordApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What was answered can be rebuilt: it is in the newest export.
class CatalogExporterTest {
  private SimulatedRun world = new SimulatedRun(0);
  private MemoryMetaStore meta = new MemoryMetaStore(world);
  private MemoryWal wal = new MemoryWal(world, 4);
  private MemoryObjectStore objects = new MemoryObjectStore(world);
  private final Outage outage = new Outage();

  /// The bucket refuses to create while it lasts, before or after having done so.
  private static final class Outage implements MemoryObjectStore.Faults {
    private boolean lasts;
    private boolean losesAnswers;

    @Override
    public void before(Operation operation, String key) {
      if (lasts) {
        throw ErrorCode.STORAGE_IO_FAILED.because("planted");
      }
    }

    @Override
    public void after(Operation operation, String key) {
      if (losesAnswers && operation == Operation.CREATE) {
        throw ErrorCode.STORAGE_IO_FAILED.because("planted");
      }
    }
  }

  private void simulate(long seed, Runnable body) {
    world = new SimulatedRun(seed);
    meta = new MemoryMetaStore(world);
    wal = new MemoryWal(world, 4);
    objects = new MemoryObjectStore(world);
    world.run(body, Duration.ofMinutes(30));
  }

  private RootProcess leading(int id) {
    ObjectStore bucket = objects.on(outage);
    return RootProcess.leading(world, id, meta, wal, bucket);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsAnsweredIsExported(long seed) {
    simulate(
        seed,
        () -> {
          RootCoordApi api = leading(1).api();
          api.createDatabase(CreateDatabaseRequest.newBuilder().setName("zoo").build());
          assertExported();
          long films = create(api, "films");
          assertExported();
          long index =
              api.createIndex(
                      CreateIndexRequest.newBuilder()
                          .setCollectionId(films)
                          .setFieldId(Films.VECTOR_FIELD)
                          .build())
                  .getIndex()
                  .getId();
          assertExported();
          api.dropIndex(
              DropIndexRequest.newBuilder().setCollectionId(films).setIndexId(index).build());
          assertExported();
          api.dropDatabase(DropDatabaseRequest.newBuilder().setName("zoo").build());
          assertExported();
          drop(api, "films");
          assertExported();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whoMayDoWhatIsExported(long seed) {
    simulate(
        seed,
        () -> {
          RootCoordApi api = leading(1).api();
          String password = PasswordHash.decoy(1).text();
          change(api, c -> c.getCreateUserBuilder().setName("ann").setPassword(password));
          assertExported();
          change(api, c -> c.getCreateRoleBuilder().setName("reader"));
          change(api, c -> c.getAddToRoleBuilder().setUser("ann").setRole("reader"));
          change(
              api,
              c ->
                  c.getGrantBuilder()
                      .setRole("reader")
                      .getGrantBuilder()
                      .setObjectType("Collection")
                      .setObject("films")
                      .setDatabase("default")
                      .setPrivilege("Search"));
          change(api, c -> c.getCreateGroupBuilder().setName("mine"));
          assertExported();
          assertThat(newest().entries())
              .extracting(CatalogEntry::key)
              .contains("security/user/ann", "security/group/mine")
              .isSorted();

          change(api, c -> c.getDropRoleBuilder().setName("reader").setWithGrants(true));
          change(api, c -> c.getDropUserBuilder().setName("ann"));
          assertExported();
          assertThat(newest().entries())
              .extracting(CatalogEntry::key)
              .containsOnlyOnce("security/group/mine")
              .noneMatch(key -> key.startsWith("security/user/"));
        });
  }

  /// A takeover reads what was answered.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whoMayDoWhatOutlivesItsLeader(long seed) {
    simulate(
        seed,
        () -> {
          RootProcess first = leading(1);
          change(
              first.api(),
              c ->
                  c.getCreateUserBuilder()
                      .setName("ann")
                      .setPassword(PasswordHash.decoy(1).text()));
          first.kill();
          RootCoordApi second = leading(2).api();

          DbException again =
              catchThrowableOfType(
                  DbException.class,
                  () ->
                      change(
                          second,
                          c ->
                              c.getCreateUserBuilder()
                                  .setName("ann")
                                  .setPassword(PasswordHash.decoy(1).text())));

          assertThat(again).hasMessage("user already exists: ann: invalid parameter");
          assertExported();
        });
  }

  private static void change(RootCoordApi api, Consumer<ChangeSecurityRequest.Builder> change) {
    ChangeSecurityRequest.Builder request = ChangeSecurityRequest.newBuilder();
    change.accept(request);
    api.changeSecurity(request.build());
  }

  /// The newest export is the catalog of the metastore, entry by entry.
  private void assertExported() {
    List<CatalogEntry> stored =
        Stream.of("catalog/", "security/")
            .flatMap(prefix -> meta.range(prefix).entries().stream())
            .map(entry -> new CatalogEntry(entry.key(), entry.value()))
            .toList();
    CatalogExport newest = newest();
    assertThat(newest.entries()).isEqualTo(stored);
    assertThat(newest.incarnation()).isEqualTo(Incarnation.find(meta).orElseThrow().id());
    assertThat(newest.timestamp()).isPositive();
    assertThat(newest.nextId()).isGreaterThanOrEqualTo(IdRanges.FIRST);
  }

  private CatalogExport newest() {
    return new CatalogExports(objects).newest().export().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aChangeThatCannotBeExportedIsUnknownAndShownToNobody(long seed) {
    simulate(
        seed,
        () -> {
          RootCoordApi api = leading(1).api();
          create(api, "films");
          outage.lasts = true;

          DbException failure = catchThrowableOfType(DbException.class, () -> create(api, "books"));
          assertThat(failure.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
          assertThat(failure.text()).contains("not exported to the bucket");
          assertThat(describe(api, "films")).isPositive();
          assertThat(catchThrowableOfType(DbException.class, () -> describe(api, "books")))
              .isNotNull();
          assertThat(
                  catchThrowableOfType(
                      DbException.class,
                      () -> api.listCollections(ListCollectionsRequest.getDefaultInstance())))
              .isNotNull();

          outage.lasts = false;
          assertThat(describe(api, "books")).isPositive();
          assertExported();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aChangeWhoseCallerGaveUpIsExportedWhenTheBucketIsBack(long seed) {
    simulate(
        seed,
        () -> {
          RootCoordApi api = leading(1).api();
          outage.losesAnswers = true;
          assertThat(catchThrowableOfType(DbException.class, () -> create(api, "books")))
              .isNotNull();
          outage.losesAnswers = false;
          outage.lasts = true;
          assertThat(catchThrowableOfType(DbException.class, () -> create(api, "films")))
              .isNotNull();
          outage.lasts = false;

          world.sleep(Duration.ofSeconds(40));

          assertExported();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aSuccessorExportsWhatItsPredecessorDidNot(long seed) {
    simulate(
        seed,
        () -> {
          RootProcess first = leading(1);
          create(first.api(), "films");
          outage.lasts = true;
          first.process().fork("client", () -> create(first.api(), "books"));
          world.sleep(Duration.ofSeconds(1));
          first.kill();
          outage.lasts = false;

          RootProcess second = leading(2);
          assertThat(describe(second.api(), "books")).isPositive();

          assertExported();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void creatorsShareExportsAndFindTheirsWhoeverLeads(long seed) {
    int creators = 12;
    simulate(
        seed,
        () -> {
          RootProcess[] leader = {leading(1)};
          List<Task> clients = new ArrayList<>();
          for (int i = 0; i < creators; i++) {
            String name = "films_" + i;
            clients.add(world.fork(name, () -> createUntilAnswered(leader, name)));
          }
          world.sleep(Duration.ofMillis(world.random().nextLong(200)));
          world.pause(leader[0].process(), Duration.ofSeconds(30));
          leader[0] = leading(2);
          clients.forEach(Task::awaitEnd);

          assertThat(world.taskFailures()).isEmpty();
          assertExported();
        });
  }

  private void createUntilAnswered(RootProcess[] leader, String name) {
    while (true) {
      try {
        long id = create(leader[0].api(), name);
        String key = MetaKeys.collection(new CollectionId(id));
        assertThat(newest().entries()).anyMatch(entry -> entry.key().equals(key));
        return;
      } catch (DbException e) {
        world.sleep(Duration.ofMillis(500));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void theNewestExportsAreKept(long seed) {
    simulate(
        seed,
        () -> {
          RootCoordApi api = leading(1).api();
          for (int i = 0; i < CatalogExports.KEPT; i++) {
            create(api, "films_" + i);
            drop(api, "films_" + i);
          }
          long books = create(api, "books");
          assertThat(objects.list("catalog/", "", 1_000)).hasSizeGreaterThan(CatalogExports.KEPT);

          world.sleep(Duration.ofSeconds(10));
          create(api, "films");
          world.sleep(Duration.ofSeconds(10));

          assertThat(objects.list("catalog/", "", 1_000))
              .hasSizeBetween(1, CatalogExports.KEPT + 1);
          assertExported();
          assertThat(books).isPositive();
        });
  }

  private static long create(RootCoordApi api, String name) {
    return api.createCollection(
            CreateCollectionRequest.newBuilder()
                .setSchema(SchemaCodec.encode(Films.schema(name, 8)))
                .setShardCount(2)
                .build())
        .getCollection()
        .getId();
  }

  private static void drop(RootCoordApi api, String name) {
    api.dropCollection(DropCollectionRequest.newBuilder().setName(name).build());
  }

  private static long describe(RootCoordApi api, String name) {
    return api.describeCollection(DescribeCollectionRequest.newBuilder().setName(name).build())
        .getCollection()
        .getId();
  }
}
