package io.elanus.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Calls.Level;
import io.elanus.model.Calls.Reading;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FieldPartialUpdateOp.OpType;
import io.elanus.proto.milvus.IDs;
import io.elanus.proto.milvus.MutationResult;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.SearchResultData;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// One seed: a collection is drawn, and steps on it, each checked against the model.
final class ModelRun {
  private static final String DEFAULT_PARTITION = "_default";
  private static final int MAX_PARTITIONS = 4;
  private static final int MAX_SNAPSHOTS = 3;
  private static final int TOLD_STEPS = 25;

  /// What a snapshot has to have.
  private record Kept(String snapshot, ModelSchema schema, TreeMap<Object, Row> rows) {}

  /// What reads at weak levels may still see.
  private record Version(Object key, Row row) {}

  private final SplittableRandom random;
  private final Calls calls;
  private final Deque<String> told = new ArrayDeque<>();
  private final List<String> partitions = new ArrayList<>(List.of(DEFAULT_PARTITION));
  private final TreeMap<Object, Row> rows = new TreeMap<>();
  private final Set<Version> versions = new HashSet<>();
  private final List<Kept> snapshots = new ArrayList<>();
  private final String name;
  private ModelSchema schema;
  private boolean graph;
  private long lastWrite = 1;
  private int names;
  private int addedFields;

  /// @param milvus where nobody else uses collections whose names begin with `name`
  ModelRun(long seed, Milvus milvus, String name) {
    random = new SplittableRandom(seed);
    this.name = name;
    calls = new Calls(milvus, name);
    schema = ModelSchema.drawn(random);
  }

  /// @throws Difference naming the last steps
  void run() {
    try {
      setUp();
      for (int steps = random.nextInt(20, 80); steps > 0; steps--) {
        step();
      }
      query(Level.STRONG);
      calls.drop();
    } catch (RuntimeException | Difference e) {
      throw new Difference("%s%n%s%n  %s".formatted(e, schema, String.join("\n  ", told)), e);
    }
  }

  private void tell(String format, Object... args) {
    told.add(format.formatted(args));
    if (told.size() > TOLD_STEPS) {
      told.removeFirst();
    }
  }

  private void setUp() {
    int shards = random.nextInt(1, 4);
    graph = random.nextInt(3) == 0;
    tell("create with %d shards, %s", shards, graph ? "HNSW" : "FLAT");
    calls.create(schema, shards);
    for (ModelField field : schema.fields()) {
      if (field.kind().isVector()) {
        calls.index(field, graph ? "HNSW" : "FLAT");
      }
    }
    calls.load();
  }

  private void step() {
    switch (random.nextInt(43)) {
      case 0, 1, 2, 3, 4, 5, 6 -> insert();
      case 7, 8, 9, 10 -> upsert();
      case 11, 12, 13 -> upsertPartly();
      case 14, 15 -> delete(someKeys());
      case 16 -> delete(ModelFilter.some(schema, keys(), random, 1));
      case 17, 18, 19, 20, 21 -> query(Level.STRONG);
      case 22 -> query(new Level(ConsistencyLevel.Session, lastWrite));
      case 23 -> queryWeakly();
      case 24, 25 -> queryPage();
      case 26 -> count();
      case 27, 28, 29 -> search();
      case 30 -> flush();
      case 31 -> compact();
      case 32 -> pause();
      case 33 -> addField();
      case 34, 35 -> createPartition();
      case 36 -> dropPartition();
      case 37 -> truncate();
      case 38 -> loadAgain();
      case 39 -> takeSnapshot();
      case 40 -> restoreSnapshot();
      case 41 -> dropSnapshot();
      default -> rename();
    }
  }

  private List<Object> keys() {
    return List.copyOf(rows.keySet());
  }

  // --- writes

  private void insert() {
    int count = random.nextInt(1, random.nextInt(8) == 0 ? 120 : 20);
    String partition = somePartition();
    Draft draft = new Draft();
    List<Object> fresh = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fresh.add(schema.freshKey(random));
    }
    draft.fill(count, fresh, schema.key().isAutoId());
    tell("insert %d into '%s': %s", count, partition, draft);
    MutationResult result = calls.insert(partition, draft.wire(), count);
    List<Object> given = ids(result.getIDs());
    require(
        given.size() == count && (schema.key().isAutoId() || given.equals(fresh)),
        "ids %s for %s",
        given,
        fresh);
    for (int i = 0; i < count; i++) {
      put(draft.row(i, given.get(i), partition));
    }
    lastWrite = result.getTimestamp();
  }

  private void upsert() {
    String partition = somePartition();
    List<Object> wanted = keysOf(partition, 12);
    for (int i = random.nextInt(5); i > 0 && !schema.key().isAutoId(); i--) {
      wanted.add(schema.freshKey(random));
    }
    if (wanted.isEmpty()) {
      return;
    }
    Draft draft = new Draft();
    draft.fill(wanted.size(), wanted, false);
    tell("upsert %s in '%s': %s", wanted, partition, draft);
    MutationResult result = calls.upsert(partition, draft.wire(), wanted.size());
    List<Object> given = ids(result.getIDs());
    wanted.forEach(rows::remove);
    for (int i = 0; i < wanted.size(); i++) {
      put(draft.row(i, given.get(i), partition));
    }
    lastWrite = result.getTimestamp();
  }

  private void upsertPartly() {
    String partition = somePartition();
    List<Object> wanted = keysOf(partition, 12);
    if (wanted.isEmpty()) {
      return;
    }
    Draft draft = new Draft();
    draft.fillPartly(wanted);
    tell("partial upsert %s in '%s': %s", wanted, partition, draft);
    MutationResult result = calls.upsertPartly(partition, draft.wire(), wanted.size(), draft.ops);
    List<Object> given = ids(result.getIDs());
    List<Row> before =
        wanted.stream().map(key -> Objects.requireNonNull(rows.remove(key))).toList();
    for (int i = 0; i < wanted.size(); i++) {
      put(draft.changed(i, before.get(i), given.get(i)));
    }
    lastWrite = result.getTimestamp();
  }

  private void delete(ModelFilter filter) {
    String partition = random.nextInt(4) == 0 && !schema.isDivided() ? somePartition() : "";
    tell("delete in '%s': %s", partition, filter.text());
    MutationResult result = calls.delete(partition, filter);
    List<Object> gone =
        rows.values().stream()
            .filter(row -> partition.isEmpty() || row.partition().equals(partition))
            .filter(filter::accepts)
            .map(Row::key)
            .toList();
    gone.forEach(rows::remove);
    lastWrite = result.getTimestamp();
  }

  private ModelFilter someKeys() {
    List<Object> some = new ArrayList<>(keysOf("", 6));
    some.add(schema.freshKey(random));
    return ModelFilter.ofKeys(schema, some);
  }

  /// Of rows in `partition`, all where that is empty.
  private List<Object> keysOf(String partition, int most) {
    List<Object> some = new ArrayList<>();
    for (Row row : rows.values()) {
      if ((partition.isEmpty() || row.partition().equals(partition)) && random.nextInt(3) == 0) {
        some.add(row.key());
      }
    }
    return new ArrayList<>(some.subList(0, Math.min(most, some.size())));
  }

  private void put(Row row) {
    rows.put(row.key(), row);
    versions.add(new Version(row.key(), row));
  }

  /// Empty where the partition key decides.
  private String somePartition() {
    return schema.isDivided() ? "" : partitions.get(random.nextInt(partitions.size()));
  }

  private List<Object> ids(IDs ids) {
    return ids.hasIntId()
        ? List.copyOf(ids.getIntId().getDataList())
        : List.copyOf(ids.getStrId().getDataList());
  }

  // --- reads

  private Reading reading(Level level, OptionalInt limit, int offset) {
    List<String> some =
        schema.isDivided() || random.nextInt(3) > 0 ? List.of() : List.of(somePartition());
    Optional<ModelFilter> filter = ModelFilter.drawn(schema, keys(), random);
    if (filter.isEmpty() && limit.isEmpty()) {
      filter = Optional.of(everything());
    }
    return new Reading(filter, some, level, limit, offset);
  }

  private ModelFilter everything() {
    String text = schema.key().kind() == Kind.INT64 ? "id > -1" : "id != \"\"";
    return schema.key().isAutoId() || schema.key().kind() == Kind.VARCHAR
        ? new ModelFilter(
            schema.key().kind() == Kind.INT64 ? "id > -9223372036854775807" : text,
            _ -> Optional.of(true))
        : new ModelFilter(text, _ -> Optional.of(true));
  }

  private List<Row> matching(Reading reading) {
    return rows.values().stream()
        .filter(
            row -> reading.partitions().isEmpty() || reading.partitions().contains(row.partition()))
        .filter(row -> reading.filter().map(filter -> filter.accepts(row)).orElse(true))
        .toList();
  }

  private void query(Level level) {
    Reading reading = reading(level, OptionalInt.empty(), 0);
    tell("query %s", text(reading));
    List<Row> found = new ArrayList<>(decode(calls.query(reading)));
    found.sort(Comparator.comparing(row -> (Comparable<Object>) row.key()));
    requireSame(found, matching(reading));
  }

  private void queryPage() {
    int limit = random.nextInt(1, 30);
    int offset = random.nextBoolean() ? 0 : random.nextInt(20);
    Reading reading = reading(Level.STRONG, OptionalInt.of(limit), offset);
    tell("query %s", text(reading));
    List<Row> found = decode(calls.query(reading));
    requireSame(found, matching(reading).stream().skip(offset).limit(limit).toList());
  }

  /// Every row was there once, and none twice.
  private void queryWeakly() {
    ConsistencyLevel level =
        random.nextBoolean() ? ConsistencyLevel.Eventually : ConsistencyLevel.Bounded;
    Reading reading =
        new Reading(
            Optional.of(everything()),
            List.of(),
            new Level(level, level == ConsistencyLevel.Eventually ? 1 : 2),
            OptionalInt.empty(),
            0);
    tell("query at level %s", level);
    Set<Object> seen = new HashSet<>();
    for (Row row : decode(calls.query(reading))) {
      require(seen.add(row.key()), "key %s came twice", row.key());
      require(
          versions.stream().anyMatch(v -> v.key.equals(row.key()) && hadBeen(v.row, row)),
          "nobody wrote %s",
          row);
    }
  }

  /// Fields that were added since are null, or have their default value.
  private boolean hadBeen(Row before, Row now) {
    return withAdded(before).looksLike(now);
  }

  private Row withAdded(Row row) {
    Map<String, Object> values = new TreeMap<>(row.values());
    for (ModelField field : schema.fields()) {
      if (field.name().startsWith("added")) {
        field.fallback().ifPresent(value -> values.putIfAbsent(field.name(), value));
      }
    }
    return new Row(row.key(), row.partition(), values, row.more());
  }

  private void count() {
    Reading reading = reading(Level.STRONG, OptionalInt.empty(), 0);
    tell("count %s", text(reading));
    long count = calls.count(reading);
    require(count == matching(reading).size(), "%d, not %d", count, matching(reading).size());
  }

  @SuppressWarnings("unchecked") // vectors of the model
  private void search() {
    int limit = random.nextInt(1, 20);
    int offset = random.nextInt(3) > 0 ? 0 : random.nextInt(10);
    Reading reading = reading(Level.STRONG, OptionalInt.of(limit), offset);
    List<Float> query = (List<Float>) Kind.VECTOR.draw(random);
    tell("search %s of %s", text(reading), query);
    SearchResultData result = calls.search(reading, query);
    List<Object> keys = result.getTopks(0) == 0 ? List.of() : ids(result.getIds());
    List<String> found =
        IntStream.range(0, keys.size())
            .mapToObj(i -> "%s %s".formatted(keys.get(i), result.getScores(i)))
            .toList();
    List<Row> matching = matching(reading);
    Comparator<Row> nearest =
        Comparator.comparingDouble((Row row) -> distance(row, query))
            .thenComparing(row -> (Comparable<Object>) row.key());
    List<String> expected =
        matching.stream()
            .sorted(nearest)
            .skip(offset)
            .limit(limit)
            .map(row -> "%s %s".formatted(row.key(), (float) distance(row, query)))
            .toList();
    if (graph) {
      Set<String> all = new HashSet<>();
      matching.forEach(row -> all.add("%s %s".formatted(row.key(), (float) distance(row, query))));
      require(
          found.size() == expected.size() && all.containsAll(found),
          "found %s among %s",
          found,
          all);
    } else {
      require(found.equals(expected), "found %s%n  wanted %s", found, expected);
    }
  }

  @SuppressWarnings("unchecked") // vectors of the model
  private static double distance(Row row, List<Float> query) {
    List<Float> vector = (List<Float>) row.value(ModelSchema.VECTOR).orElseThrow();
    double sum = 0;
    for (int i = 0; i < query.size(); i++) {
      double difference = vector.get(i) - query.get(i);
      sum += difference * difference;
    }
    return sum;
  }

  private List<Row> decode(QueryResults results) {
    return decode(schema, results);
  }

  private static List<Row> decode(ModelSchema schema, QueryResults results) {
    Map<String, FieldData> byName = new TreeMap<>();
    results
        .getFieldsDataList()
        .forEach(data -> byName.put(data.getIsDynamic() ? "$meta" : data.getFieldName(), data));
    FieldData keyData = Objects.requireNonNull(byName.get(schema.key().name()));
    int count =
        keyData.getScalars().getLongData().getDataCount()
            + keyData.getScalars().getStringData().getDataCount();
    List<Map<String, Object>> values = new ArrayList<>();
    IntStream.range(0, count).forEach(_ -> values.add(new TreeMap<>()));
    for (ModelField field : schema.fields()) {
      FieldData data = byName.get(field.name());
      require(data != null, "no field %s in %s", field.name(), byName.keySet());
      List<Optional<Object>> column =
          Wire.decode(field.kind(), Objects.requireNonNull(data), count);
      for (int i = 0; i < count; i++) {
        Map<String, Object> row = values.get(i);
        column.get(i).ifPresent(value -> row.put(field.name(), value));
      }
    }
    Optional<FieldData> more = Optional.ofNullable(byName.get("$meta"));
    List<Row> decoded = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int row = i;
      ObjectNode undeclared =
          more.map(data -> (ObjectNode) Wire.parse(data.getScalars().getJsonData().getData(row)))
              .orElseGet(JsonNodeFactory.instance::objectNode);
      Map<String, Object> of = values.get(i);
      decoded.add(new Row(Objects.requireNonNull(of.get("id")), "", of, undeclared));
    }
    return decoded;
  }

  private static void requireSame(List<Row> found, List<Row> wanted) {
    boolean same =
        found.size() == wanted.size()
            && IntStream.range(0, found.size())
                .allMatch(i -> found.get(i).looksLike(wanted.get(i)));
    require(same, "found%n  %s%n  wanted%n  %s", lines(found), lines(wanted));
  }

  private static String lines(List<Row> rows) {
    return String.join("\n  ", rows.stream().map(Row::toString).toList());
  }

  private static String text(Reading reading) {
    return "%s in %s at %s, limit %s from %d"
        .formatted(
            reading.filter().map(ModelFilter::text).orElse("all"),
            reading.partitions(),
            reading.level().level(),
            reading.limit(),
            reading.offset());
  }

  private static void require(boolean holds, String message, Object... args) {
    if (!holds) {
      throw new Difference(message.formatted(args));
    }
  }

  // --- the collection

  private void flush() {
    tell("flush");
    calls.flush();
  }

  private void compact() {
    tell("compact");
    calls.compact();
  }

  private void pause() {
    tell("pause");
    calls.pause(Duration.ofMillis(random.nextInt(10, 3_000)));
  }

  private void addField() {
    if (addedFields == 3) {
      return;
    }
    Kind kind = Kind.values()[random.nextInt(Kind.VECTOR.ordinal())];
    ModelField drawn = ModelField.drawn("added" + ++addedFields, kind, random);
    ModelField field =
        new ModelField(drawn.name(), kind, false, false, true, drawn.fallback(), false);
    tell("add %s", field);
    calls.addField(field);
    schema = schema.with(field);
    rows.replaceAll((_, row) -> withAdded(row));
  }

  private void createPartition() {
    if (schema.isDivided() || partitions.size() == MAX_PARTITIONS) {
      return;
    }
    String partition = "p" + ++names;
    tell("create partition %s", partition);
    calls.createPartition(partition);
    if (random.nextBoolean()) {
      calls.release();
    }
    calls.load();
    partitions.add(partition);
  }

  private void dropPartition() {
    if (partitions.size() < 2) {
      return;
    }
    String partition = partitions.remove(random.nextInt(1, partitions.size()));
    tell("drop partition %s", partition);
    calls.release();
    calls.dropPartition(partition);
    calls.load();
    rows.values().removeIf(row -> row.partition().equals(partition));
  }

  private void truncate() {
    if (random.nextInt(3) > 0) {
      return;
    }
    tell("truncate");
    calls.truncate();
    rows.clear();
  }

  private void loadAgain() {
    tell("release and load");
    calls.release();
    try {
      calls.count(reading(Level.STRONG, OptionalInt.empty(), 0));
      throw new Difference("a released collection was read");
    } catch (Milvus.Refused e) {
      require(e.code() == 101, "%s", e);
    }
    calls.load();
  }

  private void rename() {
    String newName = "%s_%d".formatted(name, ++names);
    tell("rename to %s", newName);
    calls.rename(newName);
  }

  private void takeSnapshot() {
    if (snapshots.size() == MAX_SNAPSHOTS) {
      return;
    }
    String snapshot = "s" + ++names;
    tell("take snapshot %s of %d rows", snapshot, rows.size());
    calls.createSnapshot(snapshot);
    snapshots.add(new Kept(snapshot, schema, new TreeMap<>(rows)));
  }

  private void dropSnapshot() {
    if (!snapshots.isEmpty()) {
      String snapshot = snapshots.remove(random.nextInt(snapshots.size())).snapshot;
      tell("drop snapshot %s", snapshot);
      calls.dropSnapshot(snapshot);
    }
  }

  /// The collection that is made of it is read once, and dropped.
  private void restoreSnapshot() {
    if (snapshots.isEmpty()) {
      return;
    }
    Kept kept = snapshots.get(random.nextInt(snapshots.size()));
    String target = "%s_%d".formatted(name, ++names);
    tell("restore snapshot %s to %s", kept.snapshot, target);
    Calls copy = calls.restore(kept.snapshot, target);
    copy.load();
    Reading all =
        new Reading(Optional.of(everything()), List.of(), Level.STRONG, OptionalInt.empty(), 0);
    List<Row> found = new ArrayList<>(decode(kept.schema, copy.query(all)));
    found.sort(Comparator.comparing(row -> (Comparable<Object>) row.key()));
    requireSame(found, List.copyOf(kept.rows.values()));
    copy.drop();
  }

  /// Columns of rows that are to be written.
  private final class Draft {
    private final Map<ModelField, List<Optional<Object>>> columns =
        new TreeMap<>(Comparator.comparing(ModelField::name));
    private final Map<String, OpType> ops = new TreeMap<>();
    private Optional<List<ObjectNode>> more = Optional.empty();

    /// Whole rows. Optional fields are given for some rows, for all, or not at all.
    void fill(int count, List<Object> keys, boolean keysAreAssigned) {
      for (ModelField field : schema.fields()) {
        if (field.isKey()) {
          if (!keysAreAssigned) {
            columns.put(field, keys.stream().map(Optional::of).toList());
          }
        } else if (!field.isOptional() || random.nextInt(4) > 0) {
          columns.put(field, values(field, count));
        }
      }
      drawMore(count);
    }

    void fillPartly(List<Object> keys) {
      columns.put(schema.key(), keys.stream().map(Optional::of).toList());
      for (ModelField field : schema.fields()) {
        if (!field.isKey() && random.nextInt(3) == 0) {
          columns.put(field, values(field, keys.size()));
          if (field.kind().isArray() && random.nextBoolean() && fits(field, keys)) {
            ops.put(field.name(), random.nextBoolean() ? OpType.ARRAY_APPEND : OpType.ARRAY_REMOVE);
          }
        }
      }
      drawMore(keys.size());
    }

    /// Whether arrays stay within their capacity if what was drawn is appended.
    private boolean fits(ModelField field, List<Object> keys) {
      return keys.stream()
          .map(key -> Optional.ofNullable(rows.get(key)).flatMap(row -> row.value(field.name())))
          .allMatch(array ->
              array.map(a -> ((List<?>) a).size()).orElse(0) <= ModelField.MAX_CAPACITY - 3);
    }

    private void drawMore(int count) {
      if (schema.isDynamic() && random.nextBoolean()) {
        more = Optional.of(IntStream.range(0, count).mapToObj(_ -> Kind.json(random)).toList());
      }
    }

    private List<Optional<Object>> values(ModelField field, int count) {
      List<Optional<Object>> values = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        values.add(
            field.isOptional() && random.nextInt(4) == 0
                ? Optional.empty()
                : Optional.of(field.kind().draw(random)));
      }
      return values;
    }

    List<FieldData> wire() {
      List<FieldData> data = new ArrayList<>();
      columns.forEach((field, values) -> data.add(Wire.encode(field, values, random)));
      more.ifPresent(
          nodes -> data.add(Wire.encodeDynamic(nodes.stream().map(n -> (JsonNode) n).toList())));
      return data;
    }

    Row row(int i, Object key, String partition) {
      Map<String, Object> values = new TreeMap<>();
      for (ModelField field : schema.fields()) {
        Optional.ofNullable(columns.get(field))
            .flatMap(column -> column.get(i))
            .or(field::fallback)
            .ifPresent(value -> values.put(field.name(), value));
      }
      values.put(schema.key().name(), key);
      return new Row(key, partition, values, undeclared(i));
    }

    /// What a partial upsert makes of a row.
    Row changed(int i, Row before, Object key) {
      Map<String, Optional<Object>> newer = new TreeMap<>();
      columns.forEach((field, column) -> {
        Optional<Object> given = column.get(i).or(field::fallback);
        OpType op = ops.getOrDefault(field.name(), OpType.REPLACE);
        newer.put(
            field.name(),
            op == OpType.REPLACE ? given : merged(before.value(field.name()), op, given));
      });
      newer.put(schema.key().name(), Optional.of(key));
      Row changed = before.with(newer, undeclared(i), before.partition());
      return new Row(key, changed.partition(), changed.values(), changed.more());
    }

    private static Optional<Object> merged(
        Optional<Object> before, OpType op, Optional<Object> given) {
      if (before.isEmpty() && given.isEmpty()) {
        return Optional.empty();
      }
      List<Object> array = new ArrayList<>(before.map(a -> (List<?>) a).orElse(List.of()));
      List<?> other = given.map(a -> (List<?>) a).orElse(List.of());
      if (op == OpType.ARRAY_APPEND) {
        array.addAll(other);
      } else {
        array.removeAll(other);
      }
      return Optional.of(array);
    }

    private ObjectNode undeclared(int i) {
      return more.map(nodes -> nodes.get(i)).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    @Override
    public String toString() {
      return columns + " " + ops + " " + more;
    }
  }
}
