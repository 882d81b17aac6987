package io.elanus.simulation;

import io.elanus.common.error.DbException;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.proto.milvus.AddCollectionFieldRequest;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.elanus.proto.milvus.DataType;
import io.elanus.proto.milvus.DeleteRequest;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.TruncateCollectionRequest;
import io.elanus.proto.milvus.UpsertRequest;
import io.elanus.proxy.service.AlterService;
import io.elanus.proxy.service.ReadService;
import io.elanus.proxy.service.WriteService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/// One user of the public API: writes and reads a few keys that others write too, one of its own, and
/// groups of rows; asks any proxy; never retries by itself.
final class Client {
  private static final int SHARED_KEYS = 6;
  private static final int GROUPS = 3;
  private static final long FIRST_OWN_KEY = 100;

  /// Above the number of any.
  private static final int MOST_CLIENTS = 16;

  private static final long FIRST_GROUP_KEY = 1_000;
  private static final int GROUP_KEYS = 40;

  /// Of one iterator.
  private static final int MOST_PAGES = 8;

  private final SimulatedCluster cluster;
  private final SimulatedProcess process;
  private final ProxyCalls proxies;
  private final OperationHistory history;
  private final RandomGenerator random;
  private final Habits habits;
  private final int number;

  Client(SimulatedCluster cluster, OperationHistory history, Habits habits, int number) {
    this.cluster = cluster;
    this.process = cluster.world().process("client-" + number);
    this.proxies = new ProxyCalls(cluster, process);
    this.history = history;
    this.random = process.random();
    this.habits = habits;
    this.number = number;
  }

  SimulatedProcess process() {
    return process;
  }

  /// Works until `end`, on the clock of the world.
  void work(long end, int pauseMillis) {
    while (cluster.world().nanoTime() < end) {
      step();
      process.sleep(Duration.ofMillis(random.nextInt(1, pauseMillis)));
    }
  }

  /// What clients do, and how often, is drawn per seed.
  record Habits(int writes, int reads, int groups, int bounded) {
    static Habits drawn(RandomGenerator shaping) {
      return new Habits(
          shaping.nextInt(1, 8),
          shaping.nextInt(1, 8),
          shaping.nextInt(1, 8),
          shaping.nextInt(0, 8));
    }
  }

  private void step() {
    int dice = random.nextInt(habits.writes + habits.reads + habits.groups + habits.bounded);
    if (dice < habits.writes) {
      write(key());
    } else if (dice < habits.writes + habits.reads) {
      read(key());
    } else if (dice < habits.writes + habits.reads + habits.groups) {
      useGroup(anyLevel());
    } else {
      queryGroup(ConsistencyLevel.Bounded);
    }
  }

  private void write(long key) {
    switch (random.nextInt(8)) {
      case 0 -> insert(key);
      case 1, 2 -> delete(key);
      case 3, 4 -> update(key);
      default -> upsert(key);
    }
  }

  private void useGroup(ConsistencyLevel level) {
    if (random.nextInt(60) == 0) {
      truncate();
      return;
    }
    if (random.nextInt(40) == 0) {
      addField();
      return;
    }
    switch (random.nextInt(8)) {
      case 0, 1 -> insertGroup();
      case 2 -> deleteGroup();
      case 3 -> search(level);
      case 4 -> count(level);
      case 5 -> {
        if (random.nextBoolean()) {
          iterate(level);
        } else {
          iterateSearch(level);
        }
      }
      default -> queryGroup(level);
    }
  }

  private long key() {
    return random.nextInt(3) == 0 ? FIRST_OWN_KEY + number : random.nextInt(SHARED_KEYS);
  }

  private ConsistencyLevel anyLevel() {
    return switch (random.nextInt(4)) {
      case 0 -> ConsistencyLevel.Eventually;
      case 1, 2 -> ConsistencyLevel.Bounded;
      default -> ConsistencyLevel.Strong;
    };
  }

  /// @return whether it was acknowledged
  boolean upsert(long key) {
    long tag = history.freshTag();
    Operation operation = history.invoke(number, Operation.Kind.UPSERT, key, List.of(tag));
    UpsertRequest request =
        UpsertRequest.newBuilder()
            .setCollectionName(Films.NAME)
            .setNumRows(1)
            .addAllFieldsData(
                Films.columns(new long[] {key}, new long[] {tag}, new long[] {GROUPS + key}))
            .build();
    return write(operation, "upsert", writes -> writes.upsert(request)).isPresent();
  }

  /// Gives all but the group, which stays as it is. Of a key that is not there it is an error.
  private void update(long key) {
    long tag = history.freshTag();
    Operation operation = history.invoke(number, Operation.Kind.UPSERT, key, List.of(tag));
    UpsertRequest request =
        UpsertRequest.newBuilder()
            .setCollectionName(Films.NAME)
            .setPartialUpdate(true)
            .setNumRows(1)
            .addAllFieldsData(
                Films.columns(new long[] {key}, new long[] {tag}, new long[] {0}).subList(0, 3))
            .build();
    write(operation, "update", writes -> writes.upsert(request));
  }

  /// Rows stay as they are, wherever they are.
  private void addField() {
    FieldSchema field =
        FieldSchema.newBuilder()
            .setName("more_" + history.freshTag())
            .setDataType(DataType.Int64)
            .setNullable(true)
            .build();
    AddCollectionFieldRequest request =
        AddCollectionFieldRequest.newBuilder()
            .setCollectionName(Films.NAME)
            .setSchema(field.toByteString())
            .build();
    try {
      proxies.ask("add field", AlterService.class, alter -> alter.addCollectionField(request));
    } catch (DbException _) {
      // whether it is there says the catalog
    }
  }

  private void insert(long key) {
    long tag = history.freshTag();
    Operation operation = history.invoke(number, Operation.Kind.INSERT, key, List.of(tag));
    insert(operation, new long[] {key}, new long[] {tag}, new long[] {GROUPS + key});
  }

  private void insert(Operation operation, long[] keys, long[] tags, long[] groups) {
    InsertRequest request =
        InsertRequest.newBuilder()
            .setCollectionName(Films.NAME)
            .setNumRows(keys.length)
            .addAllFieldsData(Films.columns(keys, tags, groups))
            .build();
    write(operation, "insert", writes -> writes.insert(request));
  }

  private void insertGroup() {
    int count = random.nextInt(1, 7);
    long[] keys = new long[count];
    long[] tags = new long[count];
    long[] groups = new long[count];
    List<Long> tagList = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys[i] = FIRST_GROUP_KEY + random.nextInt(GROUP_KEYS);
      tags[i] = history.freshTag();
      groups[i] = random.nextInt(GROUPS);
      tagList.add(tags[i]);
    }
    Operation operation = history.invoke(number, Operation.Kind.OTHER, -1, tagList);
    insert(operation, keys, tags, groups);
  }

  private void delete(long key) {
    Operation operation = history.invoke(number, Operation.Kind.DELETE, key, List.of());
    delete(operation, "id in [%d]".formatted(key));
  }

  private void deleteGroup() {
    Operation operation = history.invoke(number, Operation.Kind.OTHER, -1, List.of());
    delete(operation, "grp == " + random.nextInt(GROUPS));
  }

  /// Every key at once.
  private void truncate() {
    List<Operation> operations =
        keys()
            .mapToObj(key -> history.invoke(number, Operation.Kind.DELETE, key, List.of()))
            .toList();
    TruncateCollectionRequest request =
        TruncateCollectionRequest.newBuilder().setCollectionName(Films.NAME).build();
    try {
      proxies.ask("truncate", AlterService.class, alter -> alter.truncateCollection(request));
      operations.forEach(history::acked);
    } catch (DbException e) {
      operations.forEach(operation -> history.failed(operation, e));
    }
  }

  private static LongStream keys() {
    return LongStream.concat(
        LongStream.range(0, SHARED_KEYS),
        LongStream.range(FIRST_OWN_KEY, FIRST_OWN_KEY + MOST_CLIENTS));
  }

  private void delete(Operation operation, String expr) {
    DeleteRequest request =
        DeleteRequest.newBuilder().setCollectionName(Films.NAME).setExpr(expr).build();
    write(operation, "delete", writes -> writes.delete(request));
  }

  private void read(long key) {
    Operation operation = history.invoke(number, Operation.Kind.READ, key, List.of());
    QueryRequest request = query("id == " + key, ConsistencyLevel.Strong).build();
    run(
        operation,
        "query",
        ReadService.class,
        reads -> reads.query(request),
        answer -> operation.found = tag(answer));
  }

  private static Optional<Long> tag(QueryResults results) {
    return tags(results).stream().findFirst();
  }

  /// Of the rows that were found.
  static List<Long> tags(QueryResults results) {
    return values(results, "tag");
  }

  private static List<Long> values(QueryResults results, String field) {
    return results.getFieldsDataList().stream()
        .filter(column -> column.getFieldName().equals(field))
        .map(FieldData::getScalars)
        .flatMap(scalars -> scalars.getLongData().getDataList().stream())
        .toList();
  }

  private void queryGroup(ConsistencyLevel level) {
    Operation operation = history.invoke(number, Operation.Kind.OTHER, -1, List.of());
    QueryRequest.Builder request = query("grp == " + random.nextInt(GROUPS), level);
    if (random.nextBoolean()) {
      request.addQueryParams(pair("limit", "" + random.nextInt(1, 8)));
    }
    read(operation, "query", reads -> reads.query(request.build()));
  }

  /// Pages of one iterator, with pauses in between that may be longer than its mark is kept. Every answer of a leader
  /// is checked by itself ([ReadChecks]): as of one mark they all are of one version.
  private void iterate(ConsistencyLevel level) {
    Operation operation = history.invoke(number, Operation.Kind.OTHER, -1, List.of());
    String group = "grp == " + random.nextInt(GROUPS);
    int size = random.nextInt(1, 4);
    long session = 0;
    long last = -1;
    try {
      for (int pages = 0; pages < MOST_PAGES; pages++) {
        QueryRequest.Builder request =
            query("%s && id > %d".formatted(group, last), level)
                .addOutputFields("id")
                .addQueryParams(pair("limit", "" + size))
                .addQueryParams(pair("iterator", "True"));
        if (session != 0) {
          request.setGuaranteeTimestamp(session);
        }
        QueryResults page =
            proxies.ask("query", ReadService.class, reads -> reads.query(request.build()));
        session = page.getSessionTs();
        List<Long> keys = values(page, "id");
        if (keys.size() < size) {
          break;
        }
        last = keys.getLast();
        process.sleep(Duration.ofMillis(random.nextInt(1, random.nextInt(10) == 0 ? 6_000 : 400)));
      }
      history.acked(operation);
    } catch (DbException e) {
      history.failed(operation, e);
    }
  }

  /// As [#iterate], of a search.
  private void iterateSearch(ConsistencyLevel level) {
    Operation operation = history.invoke(number, Operation.Kind.OTHER, -1, List.of());
    try {
      new SearchPages(cluster, proxies, random, process).read(random.nextInt(GROUPS), level);
      history.acked(operation);
    } catch (DbException e) {
      history.failed(operation, e);
    }
  }

  /// All rows there are, with what tells them apart. @return whether it was answered
  boolean queryAll() {
    Operation operation = history.invoke(number, Operation.Kind.OTHER, -1, List.of());
    QueryRequest request = query("id >= 0", ConsistencyLevel.Strong).build();
    return read(operation, "query", reads -> reads.query(request)).isPresent();
  }

  private void count(ConsistencyLevel level) {
    Operation operation = history.invoke(number, Operation.Kind.OTHER, -1, List.of());
    QueryRequest request =
        QueryRequest.newBuilder()
            .setCollectionName(Films.NAME)
            .setExpr("")
            .addOutputFields("count(*)")
            .setConsistencyLevel(level)
            .setGuaranteeTimestamp(guarantee(level))
            .build();
    read(operation, "query", reads -> reads.query(request));
  }

  private static QueryRequest.Builder query(String expr, ConsistencyLevel level) {
    return QueryRequest.newBuilder()
        .setCollectionName(Films.NAME)
        .setExpr(expr)
        .addOutputFields("tag")
        .setConsistencyLevel(level)
        .setGuaranteeTimestamp(guarantee(level));
  }

  /// As the SDKs fill it in.
  static long guarantee(ConsistencyLevel level) {
    return switch (level) {
      case Eventually -> 1;
      case Bounded -> 2;
      default -> 0;
    };
  }

  private void search(ConsistencyLevel level) {
    Operation operation = history.invoke(number, Operation.Kind.OTHER, -1, List.of());
    SearchRequest.Builder request =
        SearchRequest.newBuilder()
            .setCollectionName(Films.NAME)
            .setNq(1)
            .setPlaceholderGroup(Films.placeholders(Films.vector(random.nextInt(1_000))))
            .addSearchParams(pair("topk", "" + random.nextInt(1, 10)))
            .addSearchParams(pair("anns_field", "v"))
            .addOutputFields("tag")
            .setConsistencyLevel(level)
            .setGuaranteeTimestamp(guarantee(level));
    if (random.nextBoolean()) {
      request.setDsl("grp == " + random.nextInt(GROUPS));
    }
    read(operation, "search", reads -> reads.search(request.build()));
  }

  static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }

  private <T> Optional<T> write(Operation operation, String what, Function<WriteService, T> call) {
    return run(operation, what, WriteService.class, call, _ -> {});
  }

  private <T> Optional<T> read(Operation operation, String what, Function<ReadService, T> call) {
    return run(operation, what, ReadService.class, call, _ -> {});
  }

  /// Asks one proxy and notes what came of it.
  private <S, T> Optional<T> run(
      Operation operation,
      String what,
      Class<S> service,
      Function<S, T> call,
      Consumer<T> answered) {
    try {
      T answer = proxies.ask(what, service, call);
      answered.accept(answer);
      history.acked(operation);
      return Optional.of(answer);
    } catch (DbException e) {
      history.failed(operation, e);
      return Optional.empty();
    }
  }
}
