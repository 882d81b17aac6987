package io.elanus.simulation;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.proto.internal.DescribeCollectionRequest;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.elanus.proto.milvus.CreateCollectionRequest;
import io.elanus.proto.milvus.CreateIndexRequest;
import io.elanus.proto.milvus.DropCollectionRequest;
import io.elanus.proto.milvus.DropIndexRequest;
import io.elanus.proto.milvus.HasCollectionRequest;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.LoadCollectionRequest;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.ReleaseCollectionRequest;
import io.elanus.proto.milvus.RenameCollectionRequest;
import io.elanus.proto.milvus.Status;
import io.elanus.proxy.service.AlterService;
import io.elanus.proxy.service.CollectionService;
import io.elanus.proxy.service.IndexService;
import io.elanus.proxy.service.LoadService;
import io.elanus.proxy.service.ReadService;
import io.elanus.proxy.service.WriteService;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.simulation.Operation.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Somebody who makes collections of a few names, uses them and drops them, through any proxy; never retries.
final class CatalogClient {
  static final List<String> NAMES = List.of("ham", "eggs");

  private final SimulatedCluster cluster;
  private final SimulatedProcess process;
  private final ProxyCalls proxies;
  private final NameHistory history;
  private final RandomGenerator random;
  private final int number;
  private int renames;

  CatalogClient(SimulatedCluster cluster, NameHistory history, int number) {
    this.cluster = cluster;
    this.process = cluster.world().process("catalog-client-" + number);
    this.proxies = new ProxyCalls(cluster, process);
    this.history = history;
    this.random = process.random();
    this.number = number;
  }

  SimulatedProcess process() {
    return process;
  }

  /// Works until `end`, on the clock of the world.
  void work(long end, int pauseMillis) {
    while (cluster.world().nanoTime() < end) {
      step(NAMES.get(random.nextInt(NAMES.size())));
      process.sleep(Duration.ofMillis(random.nextInt(1, pauseMillis)));
    }
  }

  private void step(String name) {
    switch (random.nextInt(26)) {
      case 24, 25 -> rename(name);
      case 0, 1, 2, 3, 4 -> make(name);
      case 5, 6, 7 -> drop(name);
      case 8, 9 -> describe(name);
      case 10, 11 -> has(name);
      case 12 -> createIndex(name);
      case 13 -> dropIndex(name);
      case 14 -> load(name);
      case 15 -> release(name);
      case 16, 17, 18, 19 -> query(name);
      default -> insert(name);
    }
  }

  /// Away to a name that nobody else uses, and mostly back, under one that others use.
  private void rename(String name) {
    String away = "%s_%d_%d".formatted(name, number, ++renames);
    Operation leave = history.invoke(number, Kind.DELETE, name, List.of());
    try {
      rename(name, away);
    } catch (DbException e) {
      history.failed(leave, e);
      if (e.code() == ErrorCode.COLLECTION_NOT_FOUND) {
        history.free(leave);
      }
      return;
    }
    history.acked(leave);
    long tag = tag(cluster.catalog().called(away).orElseThrow());
    history.held(leave, tag);
    if (random.nextInt(4) > 0) {
      comeBack(away, NAMES.get(random.nextInt(NAMES.size())), tag);
    }
  }

  private void comeBack(String away, String name, long tag) {
    Operation comeBack = history.invoke(number, Kind.CREATE, name, List.of(tag));
    try {
      rename(away, name);
      history.acked(comeBack);
    } catch (DbException e) {
      history.failed(comeBack, e);
      if (e.text().contains("duplicated new collection name")) {
        history.occupied(comeBack);
      }
    }
  }

  private void rename(String from, String to) {
    RenameCollectionRequest request =
        RenameCollectionRequest.newBuilder().setOldName(from).setNewName(to).build();
    proxies.ask("rename", AlterService.class, a -> a.renameCollection(request));
  }

  private static long tag(Collection collection) {
    return Long.parseLong(collection.schema().description());
  }

  /// As a user begins: a collection, its index, its load.
  private void make(String name) {
    if (create(name) && createIndex(name) && random.nextBoolean()) {
      load(name);
    }
    insert(name);
  }

  private boolean create(String name) {
    long tag = history.freshTag();
    var schema =
        SchemaCodec.encode(Films.schema()).toBuilder().setName(name).setDescription("" + tag);
    CreateCollectionRequest request =
        CreateCollectionRequest.newBuilder()
            .setCollectionName(name)
            .setSchema(schema.build().toByteString())
            .setShardsNum(random.nextInt(1, 3))
            .build();
    Operation operation = history.invoke(number, Kind.CREATE, name, List.of(tag));
    try {
      proxies.ask("create", CollectionService.class, c -> c.createCollection(request));
      history.acked(operation);
      return true;
    } catch (DbException e) {
      history.failed(operation, e);
      if (e.text().contains("create duplicate collection")) {
        history.occupied(operation);
      }
      return false;
    }
  }

  /// @return whether it was acknowledged
  boolean drop(String name) {
    Operation operation = history.invoke(number, Kind.DELETE, name, List.of());
    DropCollectionRequest request =
        DropCollectionRequest.newBuilder().setCollectionName(name).build();
    return run(
            operation,
            () -> proxies.ask("drop", CollectionService.class, c -> c.dropCollection(request)))
        .isPresent();
  }

  /// As rootcoord knows it: a proxy may answer from memory while rootcoord cannot be asked.
  private void describe(String name) {
    Operation operation = history.invoke(number, Kind.READ, name, List.of());
    DescribeCollectionRequest request =
        DescribeCollectionRequest.newBuilder().setName(name).build();
    try {
      var answer =
          proxies.limited(
              "describe", () -> cluster.peers(process).rootCoord().describeCollection(request));
      long tag = Long.parseLong(answer.getCollection().getSchema().getDescription());
      operation.found = Optional.of(tag);
      history.acked(operation);
    } catch (DbException e) {
      if (e.code() == ErrorCode.COLLECTION_NOT_FOUND) {
        history.acked(operation);
      } else {
        history.failed(operation, e);
      }
    }
  }

  private void has(String name) {
    Operation operation = history.invoke(number, Kind.OTHER, name, List.of());
    HasCollectionRequest request =
        HasCollectionRequest.newBuilder().setCollectionName(name).build();
    run(operation, () -> proxies.ask("has", CollectionService.class, c -> c.hasCollection(request)))
        .ifPresent(answer -> {
          if (answer.getValue()) {
            history.occupied(operation);
          } else {
            history.free(operation);
          }
        });
  }

  private boolean createIndex(String name) {
    CreateIndexRequest request =
        CreateIndexRequest.newBuilder()
            .setCollectionName(name)
            .setFieldName("v")
            .addExtraParams(pair("index_type", random.nextBoolean() ? "HNSW" : "FLAT"))
            .addExtraParams(pair("metric_type", "L2"))
            .build();
    return quietly(
        () -> proxies.ask("create index", IndexService.class, i -> i.createIndex(request)));
  }

  private void dropIndex(String name) {
    DropIndexRequest request =
        DropIndexRequest.newBuilder().setCollectionName(name).setFieldName("v").build();
    quietly(() -> proxies.ask("drop index", IndexService.class, i -> i.dropIndex(request)));
  }

  private void load(String name) {
    LoadCollectionRequest request =
        LoadCollectionRequest.newBuilder()
            .setCollectionName(name)
            .setReplicaNumber(random.nextInt(1, 3))
            .build();
    quietly(() -> proxies.ask("load", LoadService.class, l -> l.loadCollection(request)));
  }

  private void release(String name) {
    ReleaseCollectionRequest request =
        ReleaseCollectionRequest.newBuilder().setCollectionName(name).build();
    quietly(() -> proxies.ask("release", LoadService.class, l -> l.releaseCollection(request)));
  }

  private void insert(String name) {
    long tag = history.freshTag();
    Operation operation = history.invoke(number, Kind.OTHER, name, List.of(tag));
    long[] key = {random.nextInt(20)};
    InsertRequest request =
        InsertRequest.newBuilder()
            .setCollectionName(name)
            .setNumRows(1)
            .addAllFieldsData(Films.columns(key, new long[] {tag}, new long[] {0}))
            .build();
    run(operation, () -> proxies.ask("insert", WriteService.class, w -> w.insert(request)));
    history.wrote(operation);
  }

  private void query(String name) {
    Operation operation = history.invoke(number, Kind.OTHER, name, List.of());
    QueryRequest request =
        QueryRequest.newBuilder()
            .setCollectionName(name)
            .setExpr("id >= 0")
            .addOutputFields("tag")
            .setConsistencyLevel(ConsistencyLevel.Strong)
            .build();
    run(operation, () -> proxies.ask("query", ReadService.class, r -> r.query(request)))
        .ifPresent(answer -> history.readRows(operation, Client.tags(answer)));
  }

  private <T> Optional<T> run(Operation operation, Supplier<T> call) {
    try {
      T answer = call.get();
      history.acked(operation);
      return Optional.of(answer);
    } catch (DbException e) {
      history.failed(operation, e);
      return Optional.empty();
    }
  }

  /// What is checked where it takes effect.
  private static boolean quietly(Supplier<Status> call) {
    try {
      return call.get().getCode() == 0;
    } catch (DbException _) {
      return false;
    }
  }

  private static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }
}
