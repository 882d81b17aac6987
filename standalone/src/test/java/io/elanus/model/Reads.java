package io.elanus.model;

import io.elanus.model.Calls.Level;
import io.elanus.model.Calls.Reading;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.elanus.proto.milvus.SearchResultData;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Steps that read, and what they have to find.
///
/// @param graph whether vectors have an index that may miss some of the nearest
record Reads(Expected expected, Calls calls, SplittableRandom random, Steps steps, boolean graph) {
  private Reading reading(Level level, OptionalInt limit, int offset) {
    List<String> some =
        expected.schema().isDivided() || random.nextInt(3) > 0
            ? List.of()
            : List.of(expected.somePartition(random));
    Optional<ModelFilter> filter = ModelFilter.drawn(expected.schema(), expected.keys(), random);
    if (filter.isEmpty() && limit.isEmpty()) {
      filter = Optional.of(all(expected.schema()));
    }
    return new Reading(filter, some, level, limit, offset);
  }

  /// All rows, at once.
  static Reading everything(ModelSchema schema) {
    return new Reading(Optional.of(all(schema)), List.of(), Level.STRONG, OptionalInt.empty(), 0);
  }

  private static ModelFilter all(ModelSchema schema) {
    String numbers = schema.key().isAutoId() ? "id > -9223372036854775807" : "id > -1";
    return new ModelFilter(
        schema.key().kind() == Kind.INT64 ? numbers : "id != \"\"", _ -> Optional.of(true));
  }

  void query(Level level) {
    Reading reading = reading(level, OptionalInt.empty(), 0);
    steps.tell("query %s", text(reading));
    Answers.requireSame(
        Answers.byKey(expected.schema(), calls.query(reading)), expected.matching(reading));
  }

  void queryPage() {
    int limit = random.nextInt(1, 30);
    int offset = random.nextBoolean() ? 0 : random.nextInt(20);
    Reading reading = reading(Level.STRONG, OptionalInt.of(limit), offset);
    steps.tell("query %s", text(reading));
    List<Row> found = Answers.decode(expected.schema(), calls.query(reading));
    Answers.requireSame(
        found, expected.matching(reading).stream().skip(offset).limit(limit).toList());
  }

  /// One sub-field of structs: the structs that come have it alone.
  void queryPart() {
    List<ModelField> structs = expected.schema().structs();
    if (structs.isEmpty()) {
      return;
    }
    ModelField field = structs.get(random.nextInt(structs.size()));
    ModelField part = field.parts().get(random.nextInt(field.parts().size()));
    Reading reading = reading(Level.STRONG, OptionalInt.empty(), 0);
    steps.tell("query %s[%s] %s", field.name(), part.name(), text(reading));
    Answers.requireSame(
        Answers.byKey(
            new ModelSchema(List.of(expected.schema().key(), field.with(part)), false),
            calls.queryPart(reading, field, part)),
        expected.matching(reading).stream().map(row -> row.only(field, part)).toList());
  }

  void queryOwnWrites() {
    query(new Level(ConsistencyLevel.Session, expected.lastWrite()));
  }

  /// Every row was there once, and none twice.
  void queryWeakly() {
    ConsistencyLevel level =
        random.nextBoolean() ? ConsistencyLevel.Eventually : ConsistencyLevel.Bounded;
    Reading reading =
        new Reading(
            Optional.of(all(expected.schema())),
            List.of(),
            new Level(level, level == ConsistencyLevel.Eventually ? 1 : 2),
            OptionalInt.empty(),
            0);
    steps.tell("query at level %s", level);
    Set<Object> seen = new HashSet<>();
    for (Row row : Answers.decode(expected.schema(), calls.query(reading))) {
      Difference.unless(seen.add(row.key()), "key %s came twice", row.key());
      Difference.unless(expected.everHad(row), "nobody wrote %s", row);
    }
  }

  /// Nothing is read of a collection that is released.
  void loadAgain() {
    steps.tell("release and load");
    calls.release();
    try {
      calls.count(reading(Level.STRONG, OptionalInt.empty(), 0));
      throw new Difference("a released collection was read");
    } catch (Milvus.Refused e) {
      Difference.unless(e.code() == 101, "%s", e);
    }
    calls.load();
  }

  void count() {
    Reading reading = reading(Level.STRONG, OptionalInt.empty(), 0);
    steps.tell("count %s", text(reading));
    long count = calls.count(reading);
    Difference.unless(
        count == expected.matching(reading).size(),
        "%d, not %d",
        count,
        expected.matching(reading).size());
    long rows = calls.rowCount();
    int all = expected.matching(everything(expected.schema())).size();
    Difference.unless(rows == all, "%d rows by statistics, not %d", rows, all);
  }

  @SuppressWarnings("unchecked") // vectors of the model
  void search() {
    int limit = random.nextInt(1, 20);
    int offset = random.nextInt(3) > 0 ? 0 : random.nextInt(10);
    Reading reading = reading(Level.STRONG, OptionalInt.of(limit), offset);
    List<Float> query = (List<Float>) Kind.VECTOR.draw(random);
    steps.tell("search %s of %s", text(reading), query);
    SearchResultData result = calls.search(reading, query);
    List<Object> keys = result.getTopks(0) == 0 ? List.of() : Answers.ids(result.getIds());
    List<String> found =
        IntStream.range(0, keys.size())
            .mapToObj(i -> "%s %s".formatted(keys.get(i), result.getScores(i)))
            .toList();
    List<Row> matching = expected.matching(reading);
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
      Difference.unless(
          found.size() == expected.size() && all.containsAll(found),
          "found %s among %s",
          found,
          all);
    } else {
      Difference.unless(found.equals(expected), "found %s%n  wanted %s", found, expected);
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

  private static String text(Reading reading) {
    return "%s in %s at %s, limit %s from %d"
        .formatted(
            reading.filter().map(ModelFilter::text).orElse("all"),
            reading.partitions(),
            reading.level().level(),
            reading.limit(),
            reading.offset());
  }
}
