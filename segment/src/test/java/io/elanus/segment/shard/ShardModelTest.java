package io.elanus.segment.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.expr.Expr;
import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.expr.Operand.FieldRef;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.Key.LongKey;
import io.elanus.common.model.Key.TextKey;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.topk.Group;
import io.elanus.common.topk.Grouping;
import io.elanus.common.topk.Grouping.Extent;
import io.elanus.common.topk.Ranking;
import io.elanus.common.topk.ScoreRange;
import io.elanus.index.Metric;
import io.elanus.index.SearchParams;
import io.elanus.segment.Samples;
import io.elanus.segment.shard.ShardModel.Row;
import io.elanus.segment.shard.ShardModel.Scored;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random writes, flushes, manifest changes and restarts; after every few of them random reads at
/// random versions must be what a list of rows gives. A failure prints the seed.
final class ShardModelTest {
  private static final int STEPS = 150;

  @TempDir private Path folder;

  private record Filter(Expr expr, Predicate<Row> predicate) {}

  static IntStream seeds() {
    return IntStream.range(0, 24);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyReadIsWhatAListOfRowsGives(int seed) {
    DataType keyType = seed % 2 == 0 ? DataType.INT64 : DataType.VARCHAR;
    Random random = new Random(seed);
    try (ShardWorld world = new ShardWorld(Samples.schema(keyType, 2), folder, random)) {
      for (int step = 0; step < STEPS; step++) {
        world.step();
        if (random.nextInt(4) == 0) {
          checkReads(world, random);
        }
      }
      world.restart();
      checkReads(world, random);
    }
  }

  private static void checkReads(ShardWorld world, Random random) {
    world
        .somePinned()
        .flatMap(mark -> asOf(world, mark))
        .ifPresent(past -> checkReads(past, world, random));
    checkReads(world.leader().snapshot(world.readableVersion()), world, random);
  }

  /// Empty as long as the leader has not read so far.
  private static Optional<ShardSnapshot> asOf(ShardWorld world, long mark) {
    Optional<ShardSnapshot> snapshot = world.leader().snapshotAsOf(mark);
    boolean met = world.leaderHasMet(mark);
    assertThat(snapshot.isPresent()).as("mark %d", mark).isEqualTo(met);
    snapshot.ifPresent(s -> assertThat(s.version()).isEqualTo(world.versionAsOf(mark)));
    return snapshot;
  }

  private static void checkReads(ShardSnapshot taken, ShardWorld world, Random random) {
    try (ShardSnapshot snapshot = taken) {
      for (int i = 0; i < 4; i++) {
        Set<PartitionId> partitions =
            random.nextBoolean() ? Set.of() : Set.of(new PartitionId(1), new PartitionId(2));
        Filter filter = filter(snapshot.schema(), random);
        checkRead(snapshot, world, filter, partitions, random);
      }
    }
  }

  private static void checkRead(
      ShardSnapshot snapshot,
      ShardWorld world,
      Filter filter,
      Set<PartitionId> partitions,
      Random random) {
    List<Row> matching = world.model().matching(snapshot.version(), partitions, filter.predicate());

    assertThat(snapshot.count(filter.expr(), partitions, Cancellation.NEVER))
        .isEqualTo(matching.size());

    int limit = random.nextInt(1, 12);
    List<Row> expected = ShardModel.query(matching, limit);
    List<RowAddress> found =
        snapshot.query(filter.expr(), partitions, limit, Cancellation.NEVER, HeapShare.UNCOUNTED);
    assertThat(found.stream().map(ShardModelTest::id)).isEqualTo(ids(expected));
    checkFetch(snapshot, found, expected);

    KeyColumn keys = snapshot.keysMatching(filter.expr(), partitions, Cancellation.NEVER);
    assertThat(IntStream.range(0, keys.rowCount()).mapToObj(keys::key).toList())
        .isEqualTo(matching.stream().map(Row::key).distinct().sorted().toList());

    checkSearch(snapshot, filter, partitions, matching, random);
    checkPages(snapshot, filter, partitions, matching, random);
    checkGroups(snapshot, filter, partitions, matching, random);
  }

  private static void checkFetch(
      ShardSnapshot snapshot, List<RowAddress> found, List<Row> expected) {
    List<RowAddress> withoutHints =
        found.stream()
            .map(a -> new RowAddress(a.key(), a.version(), a.index(), new RowAddress.RowHint(9, 9)))
            .toList();
    for (List<RowAddress> addresses : List.of(found, withoutHints)) {
      List<Field> added = added(snapshot.schema());
      List<Long> fieldIds = new ArrayList<>(List.of(Samples.KEY, Samples.COUNT));
      added.forEach(field -> fieldIds.add(field.id()));
      RowBatch rows = snapshot.fetch(addresses, fieldIds);
      for (Field field : added) {
        assertThat(Samples.longs(rows.column(field)))
            .as(field.name())
            .isEqualTo(expected.stream().map(row -> row.value(field)).toList());
      }
      KeyColumn keys = rows.keys(snapshot.schema());
      long[] counts = Samples.column(rows, Samples.COUNT, Int64Column.class).values();
      assertThat(counts).isEqualTo(expected.stream().mapToLong(Row::count).toArray());
      assertThat(IntStream.range(0, keys.rowCount()).mapToObj(keys::key).toList())
          .isEqualTo(expected.stream().map(Row::key).toList());
    }
  }

  private static void checkSearch(
      ShardSnapshot snapshot,
      Filter filter,
      Set<PartitionId> partitions,
      List<Row> matching,
      Random random) {
    Metric metric = random.nextBoolean() ? Metric.L2 : Metric.INNER_PRODUCT;
    int k = random.nextInt(1, 15);
    List<float[]> queries =
        List.of(new float[] {random.nextInt(-3, 4), random.nextInt(-3, 4)}, new float[] {0.5f, -1});

    List<List<Hit>> found =
        snapshot.search(
            new SearchRequest(
                Samples.VECTOR,
                metric == Metric.L2
                    ? io.elanus.common.model.Metric.L2
                    : io.elanus.common.model.Metric.IP,
                new Queries.Dense(queries),
                k,
                new SearchParams.Exact(),
                filter.expr(),
                partitions),
            Cancellation.NEVER,
            HeapShare.UNCOUNTED);

    for (int q = 0; q < queries.size(); q++) {
      List<Scored> expected = ShardModel.search(matching, metric, queries.get(q), k);
      assertThat(found.get(q).stream().map(hit -> "%s %s".formatted(hit.key(), hit.score())))
          .isEqualTo(
              expected.stream()
                  .map(s -> "%s %s".formatted(s.row().key(), s.score() + 0f))
                  .toList());
    }
  }

  /// What rows are grouped by.
  private record GroupField(long id, Function<Row, Optional<Literal>> value) {}

  private static List<GroupField> groupFields(CollectionSchema schema, Random random) {
    List<GroupField> fields = new ArrayList<>();
    fields.add(new GroupField(Samples.FLAG, row -> Optional.of(new BoolLiteral(row.flag()))));
    fields.add(new GroupField(Samples.COUNT, row -> Optional.of(new IntLiteral(row.count()))));
    fields.add(new GroupField(Samples.NAME, row -> Optional.of(new TextLiteral(row.name()))));
    added(schema).stream()
        .map(f -> new GroupField(f.id(), row -> row.value(f).map(IntLiteral::new)))
        .forEach(fields::add);
    Collections.shuffle(fields, random);
    return fields.subList(0, random.nextInt(3) == 0 ? 2 : 1);
  }

  private static Group group(List<GroupField> fields, Row row) {
    return new Group(fields.stream().map(field -> field.value().apply(row)).toList());
  }

  /// The nearest groups of rows, and rows of groups that are named.
  private static void checkGroups(
      ShardSnapshot snapshot,
      Filter filter,
      Set<PartitionId> partitions,
      List<Row> matching,
      Random random) {
    Metric metric = random.nextBoolean() ? Metric.L2 : Metric.INNER_PRODUCT;
    List<GroupField> fields = groupFields(snapshot.schema(), random);
    List<float[]> queries =
        List.of(new float[] {random.nextInt(-3, 4), random.nextInt(-3, 4)}, new float[] {0.5f, -1});
    List<Set<Group>> named =
        IntStream.range(0, 2)
            .mapToObj(_ ->
                matching.stream()
                    .filter(_ -> random.nextInt(4) == 0)
                    .map(row -> group(fields, row))
                    .collect(Collectors.toSet()))
            .toList();
    int groups = random.nextInt(1, 9);
    int size = random.nextInt(1, 4);
    for (List<Set<Group>> wanted : List.of(List.<Set<Group>>of(), named)) {
      GroupBy groupBy = new GroupBy(fields.stream().map(GroupField::id).toList(), size, wanted);
      List<List<Hit>> found =
          snapshot.search(
              new SearchRequest(
                  Samples.VECTOR,
                  metric == Metric.L2
                      ? io.elanus.common.model.Metric.L2
                      : io.elanus.common.model.Metric.IP,
                  new Queries.Dense(queries),
                  groups,
                  new SearchParams.Exact(),
                  filter.expr(),
                  partitions,
                  ScoreRange.ALL,
                  false,
                  Optional.of(groupBy)),
              Cancellation.NEVER,
              HeapShare.UNCOUNTED);
      for (int q = 0; q < queries.size(); q++) {
        int query = q;
        List<Scored> expected =
            ShardModel.groups(
                matching,
                metric,
                queries.get(q),
                row -> group(fields, row),
                group -> wanted.isEmpty() || wanted.get(query).contains(group),
                wanted.isEmpty()
                    ? new Grouping(groups, size, Extent.NEARER_THAN_LAST)
                    : new Grouping(Math.max(1, wanted.get(q).size()), size, Extent.FULL));
        assertThat(found.get(q).stream().map(hit -> "%s %s".formatted(hit.key(), hit.score())))
            .isEqualTo(
                expected.stream()
                    .map(s -> "%s %s".formatted(s.row().key(), s.score() + 0f))
                    .toList());
      }
    }
  }

  private static List<Field> added(CollectionSchema schema) {
    return schema.fields().stream().filter(field -> field.id() > Samples.META).toList();
  }

  private static Filter onAdded(CollectionSchema schema, Random random) {
    List<Field> added = added(schema);
    if (added.isEmpty()) {
      return new Filter(Expr.ALWAYS, _ -> true);
    }
    Field field = added.get(random.nextInt(added.size()));
    FieldRef ref = new FieldRef(field.id(), DataType.INT64);
    long number = random.nextInt(-20, 20);
    return random.nextBoolean()
        ? new Filter(new Expr.Not(new Expr.Exists(ref)), row -> row.value(field).isEmpty())
        : new Filter(
            new Expr.Compare(ref, Comparison.LESS, new IntLiteral(number)),
            row -> row.value(field).filter(value -> value < number).isPresent());
  }

  /// The pages of a search iterator are the whole ranking, each row once.
  private static void checkPages(
      ShardSnapshot snapshot,
      Filter filter,
      Set<PartitionId> partitions,
      List<Row> matching,
      Random random) {
    float[] query = {random.nextInt(-3, 4), random.nextInt(-3, 4)};
    int k = random.nextInt(1, 20);
    int ahead = random.nextInt(60);
    List<String> found = new ArrayList<>();
    ScoreRange range = ScoreRange.ALL;
    Ranking<Hit> known = new Ranking<>(List.of(), false);
    while (true) {
      SearchRequest request =
          new SearchRequest(
              Samples.VECTOR,
              io.elanus.common.model.Metric.L2,
              new Queries.Dense(List.of(query)),
              k,
              new SearchParams.Exact(),
              filter.expr(),
              partitions,
              range,
              true);
      Optional<List<Hit>> page = request.page().of(known, request.metric());
      if (page.isEmpty()) {
        known = snapshot.ranking(request, ahead, Cancellation.NEVER, HeapShare.UNCOUNTED);
        page = request.page().of(known, request.metric());
      }
      if (page.orElseThrow().isEmpty()) {
        break;
      }
      page.get().forEach(hit -> found.add("%s %s".formatted(hit.key(), hit.score())));
      range = new ScoreRange(Optional.of(page.get().getLast().score()), true, Optional.empty());
    }
    assertThat(found)
        .isEqualTo(
            ShardModel.search(matching, Metric.L2, query, Integer.MAX_VALUE).stream()
                .map(s -> "%s %s".formatted(s.row().key(), s.score() + 0f))
                .toList());
  }

  private static Filter filter(CollectionSchema schema, Random random) {
    long number = random.nextInt(-20, 20);
    FieldRef count = new FieldRef(Samples.COUNT, DataType.INT64);
    FieldRef name = new FieldRef(Samples.NAME, DataType.VARCHAR);
    Key key = Samples.key(schema, random.nextInt(ShardWorld.KEYS));
    FieldRef keyField = new FieldRef(Samples.KEY, schema.primaryKey().type());
    var keyLiteral =
        switch (key) {
          case LongKey k -> new IntLiteral(k.value());
          case TextKey k -> new TextLiteral(k.value());
        };
    Filter below =
        new Filter(
            new Expr.Compare(count, Comparison.LESS, new IntLiteral(number)),
            row -> row.count() < number);
    return switch (random.nextInt(10)) {
      case 6, 7 -> onAdded(schema, random);
      case 0 -> new Filter(Expr.NEVER, _ -> false);
      case 1 -> below;
      case 2 -> new Filter(new Expr.Not(below.expr()), row -> row.count() >= number);
      case 3 ->
          new Filter(
              new Expr.Compare(keyField, Comparison.GREATER_OR_EQUAL, keyLiteral),
              row -> row.key().compareTo(key) >= 0);
      case 4 ->
          new Filter(
              new Expr.Or(List.of(new Expr.In(keyField, List.of(keyLiteral)), below.expr())),
              row -> row.key().equals(key) || row.count() < number);
      case 5 ->
          new Filter(
              new Expr.And(
                  List.of(
                      new Expr.Like(name, "%b%"),
                      new Expr.Compare(
                          new FieldRef(Samples.FLAG, DataType.BOOL),
                          Comparison.EQUAL,
                          new BoolLiteral(true)))),
              row -> row.name().contains("b") && row.flag());
      default -> new Filter(Expr.ALWAYS, _ -> true);
    };
  }

  private static String id(RowAddress address) {
    return "%s@%d.%d".formatted(address.key(), address.version(), address.index());
  }

  private static List<String> ids(List<Row> rows) {
    return rows.stream().map(Row::id).toList();
  }
}
