package io.elanus.segment.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.elanus.common.expr.Expr;
import io.elanus.common.expr.FilterParser;
import io.elanus.common.format.Format;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.Key;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.Metric;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.RowBatch;
import io.elanus.common.object.ObjectLayout;
import io.elanus.index.BuildControl;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.index.Quantization;
import io.elanus.index.SearchParams;
import io.elanus.segment.Samples;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.ColumnView.Nullables;
import io.elanus.segment.column.DenseColumn;
import io.elanus.segment.delete.SegmentDeletes;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.tail.Tail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Searches of lists of vectors for those most like a list, against sums over all rows: in a tail, in a segment, and
/// through an index. Some lists are empty, and some rows have none.
final class ListSearchTest {
  private static final int ROWS = 2000;
  private static final int DIMENSION = 16;
  private static final int K = 20;

  private static final CollectionSchema SCHEMA =
      new CollectionSchema(
          "pages",
          "",
          List.of(
              new Field(Samples.KEY, "id", "", DataType.INT64, true, false, false, false, Map.of()),
              lists(101, DataType.FLOAT_VECTOR, false),
              lists(102, DataType.FLOAT_VECTOR, true),
              lists(103, DataType.INT8_VECTOR, true),
              lists(104, DataType.BINARY_VECTOR, false),
              lists(105, DataType.BINARY_VECTOR, true)),
          1);

  /// Which rows may be found.
  private record Condition(Expr filter, LongPredicate accepts) {}

  private static final List<Condition> CONDITIONS =
      List.of(
          new Condition(Expr.ALWAYS, _ -> true),
          new Condition(filter("id > 400"), id -> id > 400),
          new Condition(filter("id % 50 == 3"), id -> id % 50 == 3),
          new Condition(filter("id in [1, 2, 99]"), id -> id == 1 || id == 2 || id == 99));

  @TempDir private Path folder;

  private static Field lists(long id, DataType element, boolean nullable) {
    return new Field(
        id,
        "pages[%d]".formatted(id),
        "",
        DataType.ARRAY_OF_VECTOR,
        false,
        false,
        false,
        false,
        nullable,
        Optional.empty(),
        Optional.of(element),
        Map.of("dim", Integer.toString(DIMENSION), "max_capacity", "6"));
  }

  private static Expr filter(String text) {
    return FilterParser.parse(text, SCHEMA, Map.of());
  }

  static Stream<Arguments> searches() {
    return Stream.concat(
        searchesOfNumbers(),
        Stream.of(
            Arguments.of(104L, Metric.MAX_SIM_HAMMING),
            Arguments.of(105L, Metric.MAX_SIM_JACCARD)));
  }

  /// Those that an index may serve.
  static Stream<Arguments> searchesOfNumbers() {
    return Stream.of(
        Arguments.of(101L, Metric.MAX_SIM_L2),
        Arguments.of(101L, Metric.MAX_SIM_IP),
        Arguments.of(102L, Metric.MAX_SIM_L2),
        Arguments.of(102L, Metric.MAX_SIM_COSINE),
        Arguments.of(103L, Metric.MAX_SIM_IP),
        Arguments.of(103L, Metric.MAX_SIM_L2));
  }

  @ParameterizedTest
  @MethodSource("searches")
  void everyRowIsScoredByAllItsVectors(long fieldId, Metric metric) {
    RowBatch rows = rows();
    Tail tail = new Tail(SCHEMA, Checkpoint.start(Samples.position(0)));
    tail.apply(Samples.position(1), Samples.insert(Samples.header(1, 1), rows), 5000);
    try (ShardSnapshot inTail =
            ShardSnapshot.of(SCHEMA, List.of(), Elsewhere.NOTHING, tail.view(), 5000);
        ShardSnapshot inSegment =
            ShardSnapshot.of(SCHEMA, List.of(deletes(segment(rows))), 5000, 0)) {
      for (ShardSnapshot snapshot : List.of(inTail, inSegment)) {
        for (Condition condition : CONDITIONS) {
          for (Column query : queries(fieldId)) {
            List<Hit> hits =
                search(snapshot, fieldId, metric, query, condition, new SearchParams.Exact());
            assertHits(hits, expected(rows, fieldId, metric, query, condition));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("searchesOfNumbers")
  void anIndexFindsAsManyAndNearlyAll(long fieldId, Metric metric) throws IOException {
    RowBatch rows = rows();
    SegmentReader segment = segment(rows);
    attach(segment, fieldId, metric);
    int found = 0;
    int wanted = 0;
    try (ShardSnapshot snapshot = ShardSnapshot.of(SCHEMA, List.of(deletes(segment)), 5000, 0)) {
      for (Condition condition : CONDITIONS) {
        for (Column query : queries(fieldId)) {
          List<Hit> hits =
              search(snapshot, fieldId, metric, query, condition, new SearchParams.Hnsw(64));
          List<Map.Entry<Long, Float>> expected = expected(rows, fieldId, metric, query, condition);
          assertThat(hits).hasSameSizeAs(expected);
          wanted += expected.size();
          found += common(hits, expected);
          assertScores(hits, rows, fieldId, metric, query);
        }
      }
    }
    assertThat((double) found / wanted).isGreaterThan(0.9);
  }

  static Stream<Arguments> searchesOfVectors() {
    return Stream.of(
        Arguments.of(101L, Metric.L2),
        Arguments.of(102L, Metric.IP),
        Arguments.of(103L, Metric.L2),
        Arguments.of(104L, Metric.HAMMING),
        Arguments.of(105L, Metric.HAMMING));
  }

  /// A vector in a list that is found, by the row and its place in the list.
  private record Found(long row, int place, float score) {}

  @ParameterizedTest
  @MethodSource("searchesOfVectors")
  void byAMetricOfVectorsEachIsFoundAlone(long fieldId, Metric metric) throws IOException {
    RowBatch rows = rows();
    Tail tail = new Tail(SCHEMA, Checkpoint.start(Samples.position(0)));
    tail.apply(Samples.position(1), Samples.insert(Samples.header(1, 1), rows), 5000);
    SegmentReader segment = segment(rows);
    if (SCHEMA.requireField(fieldId).vectorType() != DataType.BINARY_VECTOR) {
      attach(segment, fieldId, metric);
    }
    try (ShardSnapshot inTail =
            ShardSnapshot.of(SCHEMA, List.of(), Elsewhere.NOTHING, tail.view(), 5000);
        ShardSnapshot inSegment = ShardSnapshot.of(SCHEMA, List.of(deletes(segment)), 5000, 0)) {
      for (ShardSnapshot snapshot : List.of(inTail, inSegment)) {
        for (Condition condition : CONDITIONS) {
          for (Column query : queries(fieldId)) {
            List<Found> hits =
                snapshot
                    .search(
                        new SearchRequest(
                            fieldId,
                            metric,
                            vectors(query).only(0),
                            K,
                            new SearchParams.Exact(),
                            condition.filter(),
                            Set.of()),
                        Cancellation.NEVER,
                        HeapShare.UNCOUNTED)
                    .getFirst()
                    .stream()
                    .map(hit ->
                        new Found(((Key.LongKey) hit.key()).value(), hit.place(), hit.score()))
                    .toList();

            assertThat(hits).isEqualTo(nearest(rows, fieldId, metric, query, condition));
          }
        }
      }
    }
  }

  private static List<Found> nearest(
      RowBatch rows, long fieldId, Metric metric, Column query, Condition condition) {
    List<Found> all = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      Column list = list(rows, fieldId, row);
      for (int place = 0; place < list.rowCount() && condition.accepts().test(row); place++) {
        all.add(new Found(row, place, score(floats(query, 0), floats(list, place), metric)));
      }
    }
    Comparator<Found> byScore = (a, b) -> metric.compareScores(a.score(), b.score());
    return all.stream()
        .sorted(byScore.thenComparingLong(Found::row).thenComparingInt(Found::place))
        .limit(K)
        .toList();
  }

  private static int common(List<Hit> hits, List<Map.Entry<Long, Float>> expected) {
    Set<Key> keys = new HashSet<>();
    expected.forEach(row -> keys.add(Key.of(row.getKey())));
    return (int) hits.stream().filter(hit -> keys.contains(hit.key())).count();
  }

  private static void assertScores(
      List<Hit> hits, RowBatch rows, long fieldId, Metric metric, Column query) {
    for (int i = 0; i < hits.size(); i++) {
      int row = (int) ((Key.LongKey) hits.get(i).key()).value();
      float score = score(list(rows, fieldId, row), query, metric);
      assertThat(hits.get(i).score()).isCloseTo(score, offset(1e-3f));
      if (i > 0) {
        assertThat(metric.compareScores(hits.get(i - 1).score(), hits.get(i).score()))
            .isNotPositive();
      }
    }
  }

  private static void assertHits(List<Hit> hits, List<Map.Entry<Long, Float>> expected) {
    assertThat(hits).hasSameSizeAs(expected);
    for (int i = 0; i < hits.size(); i++) {
      assertThat(hits.get(i).score()).isCloseTo(expected.get(i).getValue(), offset(1e-3f));
      assertThat(hits.get(i).key()).isEqualTo(Key.of(expected.get(i).getKey()));
    }
  }

  private static List<Hit> search(
      ShardSnapshot snapshot,
      long fieldId,
      Metric metric,
      Column query,
      Condition condition,
      SearchParams params) {
    Queries list = Queries.Lists.of(vectors(query), List.of(query.rowCount()));
    SearchRequest request =
        new SearchRequest(fieldId, metric, list, K, params, condition.filter(), Set.of());
    return snapshot.search(request, Cancellation.NEVER, HeapShare.UNCOUNTED).getFirst();
  }

  private static Queries vectors(Column query) {
    return switch (query) {
      case FloatVectorColumn vectors ->
          new Queries.Dense(
              IntStream.range(0, vectors.rowCount()).mapToObj(i -> floats(vectors, i)).toList());
      case ByteVectorColumn(byte[] values, int bytes) when bytes < DIMENSION ->
          new Queries.Encoded(
              IntStream.range(0, values.length / bytes)
                  .mapToObj(i -> Arrays.copyOfRange(values, i * bytes, (i + 1) * bytes))
                  .toList());
      default ->
          new Queries.Dense(
              IntStream.range(0, query.rowCount()).mapToObj(i -> floats(query, i)).toList());
    };
  }

  /// Some lists of few vectors.
  private static List<Column> queries(long fieldId) {
    Random random = new Random(fieldId);
    Field element = SCHEMA.requireField(fieldId).element();
    return IntStream.range(0, 6)
        .mapToObj(_ -> elements(element, 1 + random.nextInt(7), random))
        .toList();
  }

  private static List<Map.Entry<Long, Float>> expected(
      RowBatch rows, long fieldId, Metric metric, Column query, Condition condition) {
    List<Map.Entry<Long, Float>> scored = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      Column list = list(rows, fieldId, row);
      if (list.rowCount() > 0 && condition.accepts().test(row)) {
        scored.add(Map.entry((long) row, score(list, query, metric)));
      }
    }
    Comparator<Map.Entry<Long, Float>> byScore =
        (a, b) -> metric.compareScores(a.getValue(), b.getValue());
    return scored.stream().sorted(byScore.thenComparing(Map.Entry::getKey)).limit(K).toList();
  }

  /// The vectors of a row; none for one without a list.
  private static Column list(RowBatch rows, long fieldId, int row) {
    Column column = rows.column(SCHEMA.requireField(fieldId));
    return switch (column) {
      case NullableColumn(Column values, boolean[] valid) -> {
        int rank = (int) IntStream.range(0, row).filter(i -> valid[i]).count();
        ListColumn lists = (ListColumn) values;
        yield valid[row] ? lists.row(rank) : lists.elements().select(new int[0]);
      }
      case ListColumn lists -> lists.row(row);
      default -> throw new IllegalArgumentException("no lists: " + column.form());
    };
  }

  private static float score(Column list, Column query, Metric metric) {
    float sum = 0;
    for (int q = 0; q < query.rowCount(); q++) {
      float best = Float.NaN;
      for (int i = 0; i < list.rowCount(); i++) {
        float score = score(floats(query, q), floats(list, i), metric);
        best = metric.compareScores(score, best) < 0 ? score : best;
      }
      sum += best;
    }
    return sum;
  }

  private static float score(float[] a, float[] b, Metric metric) {
    double dot = IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    double aa = IntStream.range(0, a.length).mapToDouble(i -> a[i] * a[i]).sum();
    double bb = IntStream.range(0, a.length).mapToDouble(i -> b[i] * b[i]).sum();
    double both = aa + bb - dot;
    return (float)
        switch (metric) {
          case IP, MAX_SIM_IP -> dot;
          case L2, HAMMING, MAX_SIM_L2, MAX_SIM_HAMMING -> aa + bb - 2 * dot;
          case COSINE, MAX_SIM_COSINE -> aa == 0 || bb == 0 ? 0 : dot / Math.sqrt(aa * bb);
          case JACCARD, MAX_SIM_JACCARD -> both == 0 ? 1 : (aa + bb - 2 * dot) / both;
          case SUBSTRUCTURE, SUPERSTRUCTURE, MHJACCARD ->
              throw new IllegalArgumentException("not over lists");
        };
  }

  /// A vector's values; of bits zeros and ones.
  private static float[] floats(Column vectors, int row) {
    float[] values = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      values[i] =
          switch (vectors) {
            case FloatVectorColumn(float[] all, _) -> all[row * DIMENSION + i];
            case ByteVectorColumn(byte[] all, int bytes) when bytes < DIMENSION ->
                all[row * bytes + i / 8] >> (i % 8) & 1;
            case ByteVectorColumn(byte[] all, _) -> all[row * DIMENSION + i];
            default -> throw new IllegalArgumentException("no vectors: " + vectors.form());
          };
    }
    return values;
  }

  private static RowBatch rows() {
    Random random = new Random(5);
    Map<Long, Column> columns = new TreeMap<>();
    columns.put(Samples.KEY, new Int64Column(LongStream.range(0, ROWS).toArray()));
    SCHEMA.fields().stream()
        .filter(field -> field.type() == DataType.ARRAY_OF_VECTOR)
        .forEach(field -> columns.put(field.id(), column(field, random)));
    return new RowBatch(ROWS, new TreeMap<>(columns));
  }

  private static Column column(Field field, Random random) {
    if (!field.nullable()) {
      return lists(field.element(), ROWS, random);
    }
    boolean[] valid = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      valid[row] = random.nextInt(4) > 0;
    }
    return new NullableColumn(lists(field.element(), NullableColumn.count(valid), random), valid);
  }

  private static ListColumn lists(Field element, int count, Random random) {
    int[] starts = new int[count + 1];
    for (int row = 0; row < count; row++) {
      starts[row + 1] = starts[row] + random.nextInt(6);
    }
    return new ListColumn(elements(element, starts[count], random), starts);
  }

  /// Of small whole numbers, whose sums have no rounding.
  private static Column elements(Field element, int count, Random random) {
    if (element.type() == DataType.FLOAT_VECTOR) {
      float[] values = new float[count * DIMENSION];
      IntStream.range(0, values.length).forEach(i -> values[i] = random.nextInt(-9, 10));
      return new FloatVectorColumn(values, DIMENSION);
    }
    byte[] values = new byte[count * element.vectorBytes()];
    random.nextBytes(values);
    return new ByteVectorColumn(values, element.vectorBytes());
  }

  private SegmentReader segment(RowBatch rows) {
    Path file = folder.resolve("segment");
    return SegmentReader.open(file, Samples.write(file, Samples.segmentRows(SCHEMA, rows)), SCHEMA);
  }

  private static SegmentDeletes deletes(SegmentReader segment) {
    SegmentDeletes deletes = new SegmentDeletes(segment);
    deletes.advance(List.of(), 5000);
    return deletes;
  }

  private void attach(SegmentReader segment, long fieldId, Metric metric) throws IOException {
    Field field = SCHEMA.requireField(fieldId);
    ColumnView column = segment.column(fieldId);
    ColumnView values = column instanceof Nullables nullables ? nullables.values() : column;
    Path file = folder.resolve("index");
    IndexParams params =
        new IndexParams.Hnsw(VectorScan.metric(metric), 16, 100, Quantization.NONE, 1);
    IndexBuilder.build(DenseColumn.of(values, field), params, BuildControl.onCallingThread())
        .writeTo(file);
    byte[] bytes = Files.readAllBytes(file);
    IndexId id = new IndexId(3);
    FileRef ref =
        new FileRef(
            ObjectLayout.index(Samples.SHARD, segment.entry().id(), id, 1),
            bytes.length,
            Format.crc32c(bytes, 0, bytes.length));
    segment.attachIndex(new IndexEntry(id, fieldId, ref), field, file);
    assertThat(segment.index(fieldId)).isPresent();
  }
}
