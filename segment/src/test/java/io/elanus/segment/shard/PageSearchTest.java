package io.elanus.segment.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.expr.Expr;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key.LongKey;
import io.elanus.common.model.Metric;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.RowBatch;
import io.elanus.common.topk.Ranking;
import io.elanus.common.topk.ScoreRange;
import io.elanus.index.SearchParams;
import io.elanus.segment.Samples;
import io.elanus.segment.delete.SegmentDeletes;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.tail.Tail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pages of rows in a segment and in a tail of several blocks.
class PageSearchTest {
  private static final int IN_SEGMENT = 4_000;

  /// In two blocks.
  private static final int IN_TAIL = 9_000;

  private static final int ROWS = IN_SEGMENT + IN_TAIL;
  private static final int DIMENSION = 4;
  private static final Field VECTOR = vector(101, false);
  private static final Field VECTOR_OR_NULL = vector(102, true);
  private static final CollectionSchema SCHEMA =
      new CollectionSchema(
          "pages",
          "",
          List.of(
              Samples.field(Samples.KEY, "id", DataType.INT64, false, Map.of()),
              VECTOR,
              VECTOR_OR_NULL),
          1);

  /// With few different values, some scores are equal.
  private static final float[] QUERY = {0.5f, 1, 0, -1};

  private final Random random = new Random(3);
  private final Tail tail = new Tail(SCHEMA, Checkpoint.start(Samples.position(0)));
  private long sequence;

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // by open()
  private SegmentReader segment;

  private static Field vector(long id, boolean nullable) {
    return Samples.field(
        id, "v" + id, DataType.FLOAT_VECTOR, nullable, Map.of("dim", "" + DIMENSION));
  }

  @BeforeEach
  void open() {
    Path file = folder.resolve("segment");
    RowBatch rows = rows(LongStream.range(0, IN_SEGMENT).toArray());
    segment =
        SegmentReader.open(file, Samples.write(file, Samples.segmentRows(SCHEMA, rows)), SCHEMA);
    insert(LongStream.range(IN_SEGMENT, ROWS).toArray());
  }

  @AfterEach
  void close() {
    segment.close();
  }

  private void insert(long... keys) {
    sequence++;
    tail.apply(
        Samples.position(sequence),
        Samples.insert(Samples.header(sequence, 1), rows(keys)),
        6000 + sequence);
  }

  private RowBatch rows(long[] keys) {
    boolean[] valid = new boolean[keys.length];
    for (int row = 0; row < keys.length; row++) {
      valid[row] = random.nextInt(3) > 0;
    }
    Column some = new NullableColumn(vectors(NullableColumn.count(valid)), valid);
    return new RowBatch(
        keys.length,
        new TreeMap<>(
            Map.of(
                Samples.KEY,
                new Int64Column(keys),
                VECTOR.id(),
                vectors(keys.length),
                VECTOR_OR_NULL.id(),
                some)));
  }

  private Column vectors(int count) {
    float[] values = new float[DIMENSION * count];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(-20, 21) / 4f;
    }
    return new FloatVectorColumn(values, DIMENSION);
  }

  private ShardSnapshot snapshot() {
    assertThat(segment.tryRetain()).isTrue();
    return ShardSnapshot.of(
        SCHEMA,
        List.of(new SegmentDeletes(segment)),
        Elsewhere.NOTHING,
        tail.view(),
        tail.view().version());
  }

  private static SearchRequest request(Field field, Metric metric, int k, ScoreRange range) {
    return new SearchRequest(
        field.id(),
        metric,
        new Queries.Dense(List.of(QUERY)),
        k,
        new SearchParams.Exact(),
        Expr.ALWAYS,
        Set.of(),
        range,
        true);
  }

  private static Ranking<Hit> ranking(ShardSnapshot snapshot, SearchRequest request, int ahead) {
    return snapshot.ranking(request, ahead, Cancellation.NEVER, HeapShare.UNCOUNTED);
  }

  private static ScoreRange after(float score) {
    return new ScoreRange(Optional.of(score), true, Optional.empty());
  }

  /// All hits, ranked from the beginning.
  private static List<Hit> all(ShardSnapshot snapshot, Field field, Metric metric) {
    SearchRequest request = request(field, metric, 2 * ROWS, ScoreRange.ALL);
    return snapshot.search(request, Cancellation.NEVER, HeapShare.UNCOUNTED).getFirst();
  }

  /// All hits of a range, page after page, each searched for.
  private static List<Hit> pages(
      ShardSnapshot snapshot, Field field, Metric metric, ScoreRange first, int ahead) {
    List<Hit> found = new ArrayList<>();
    ScoreRange range = first;
    while (true) {
      SearchRequest request = request(field, metric, 1_000, range);
      List<Hit> page = request.page().of(ranking(snapshot, request, ahead), metric).orElseThrow();
      if (page.isEmpty()) {
        return found;
      }
      found.addAll(page);
      range = new ScoreRange(Optional.of(found.getLast().score()), true, first.until());
    }
  }

  @ParameterizedTest
  @CsvSource({"L2,false", "L2,true", "IP,false", "IP,true", "COSINE,false", "COSINE,true"})
  void pagesAreTheWholeRanking(Metric metric, boolean nullable) {
    Field field = nullable ? VECTOR_OR_NULL : VECTOR;
    try (ShardSnapshot snapshot = snapshot()) {
      List<Hit> all = all(snapshot, field, metric);
      assertThat(all).hasSizeBetween(nullable ? ROWS / 2 : ROWS, nullable ? ROWS - 1 : ROWS);
      float near = all.get(100).score();
      float far = all.get(all.size() - 100).score();

      assertThat(pages(snapshot, field, metric, ScoreRange.ALL, 0)).isEqualTo(all);
      for (boolean exclusive : new boolean[] {false, true}) {
        ScoreRange range = new ScoreRange(Optional.of(near), exclusive, Optional.of(far));
        assertThat(pages(snapshot, field, metric, range, 3_000))
            .isEqualTo(
                all.stream()
                    .filter(hit ->
                        !range.startsBehind(metric, hit.score())
                            && !range.endsBefore(metric, hit.score()))
                    .toList());
      }
    }
  }

  /// Its best row is in the segment or in the tail, the others are in either, too.
  @Test
  void aKeyThatWasInsertedTwiceComesOnce() {
    insert(LongStream.range(0, 300).map(i -> 40 * i).toArray());
    insert(LongStream.range(0, 300).map(i -> 40 * i).toArray());
    try (ShardSnapshot snapshot = snapshot()) {
      List<Hit> all = all(snapshot, VECTOR, Metric.L2);
      assertThat(all.stream().map(Hit::key).distinct()).hasSize(all.size()).hasSize(ROWS);
      assertThat(pages(snapshot, VECTOR, Metric.L2, ScoreRange.ALL, 500)).isEqualTo(all);
    }
  }

  @Test
  void latePagesTakeNoMoreThanEarlyOnes() {
    try (ShardSnapshot snapshot = snapshot()) {
      List<Hit> all = all(snapshot, VECTOR, Metric.L2);
      long early = heapOf(snapshot, all.get(20).score());
      long late = heapOf(snapshot, all.get(ROWS - 100).score());
      assertThat(late).isEqualTo(early);
    }
  }

  /// @param bound of the page before
  private static long heapOf(ShardSnapshot snapshot, float bound) {
    AtomicLong taken = new AtomicLong();
    snapshot.ranking(
        request(VECTOR, Metric.L2, 10, after(bound)), 20, Cancellation.NEVER, taken::addAndGet);
    return taken.get();
  }

  @Test
  void aScoreWithoutAnEndLeavesNothingOut() {
    tail.apply(
        Samples.position(++sequence),
        Samples.insert(Samples.header(sequence, 1), rowsOfLength(ROWS, 3e38f)),
        6000 + sequence);
    try (ShardSnapshot snapshot = snapshot()) {
      Optional<Float> infinity = Optional.of(Float.POSITIVE_INFINITY);
      ScoreRange range = new ScoreRange(infinity, false, Optional.of(1_000f));
      List<Hit> found =
          ranking(snapshot, request(VECTOR, Metric.IP, 5, range), 0).hits().stream()
              .filter(hit -> hit.score() == Float.POSITIVE_INFINITY)
              .toList();
      assertThat(found).extracting(Hit::key).containsExactly(new LongKey(ROWS));
    }
  }

  private RowBatch rowsOfLength(long key, float value) {
    TreeMap<Long, Column> columns = new TreeMap<>(rows(new long[] {key}).columns());
    columns.put(
        VECTOR.id(), new FloatVectorColumn(new float[] {value, value, 0, -value}, DIMENSION));
    return new RowBatch(1, columns);
  }
}
