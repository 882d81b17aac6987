package io.elanus.segment.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.expr.Expr;
import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Operand.FieldRef;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.Metric;
import io.elanus.common.model.RowBatch;
import io.elanus.common.record.LogRecord;
import io.elanus.index.BuildControl;
import io.elanus.index.SearchParams;
import io.elanus.segment.EveryType;
import io.elanus.segment.Samples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TailGraphTest {
  /// Of a block that gets no more.
  private static final int BLOCK = 8_192;

  private static final int ROWS = 2 * BLOCK + 500;
  private static final int K = 10;
  private static final int DIMENSION = 16;
  private static final long KEY = Samples.KEY;
  private static final long NUMBER = 101;
  private static final Field VECTOR = vector(102, DataType.FLOAT_VECTOR, false);
  private static final Field SMALL = vector(103, DataType.INT8_VECTOR, true);
  private static final Field BITS = vector(104, DataType.BINARY_VECTOR, false);
  private static final Field SPARSE = vector(105, DataType.SPARSE_FLOAT_VECTOR, false);
  private static final SearchParams WALK = new SearchParams.Hnsw(64);
  private static final SearchParams EXACT = new SearchParams.Exact();

  private final Random random = new Random(5);
  private final CollectionSchema schema =
      new CollectionSchema(
          "tail",
          "",
          List.of(integers(KEY, "id"), integers(NUMBER, "number"), VECTOR, SMALL, BITS, SPARSE),
          1);
  private final LiveShard shard =
      new LiveShard(schema, Checkpoint.start(Samples.position(0)), List.of(), List.of());
  private long sequence;
  private long rows;

  private static Field integers(long id, String name) {
    return Samples.field(id, name, DataType.INT64, false, Map.of());
  }

  private static Field vector(long id, DataType type, boolean nullable) {
    return Samples.field(id, "v" + id, type, nullable, Map.of("dim", "" + DIMENSION));
  }

  /// Keys and numbers from 0 on.
  private void insert(int count) {
    long[] keys = LongStream.range(rows, rows + count).toArray();
    rows += count;
    apply(
        new LogRecord.Insert(
            Samples.header(sequence + 1, 1),
            Samples.PARTITION,
            new RowBatch(
                count,
                new TreeMap<>(
                    Map.<Long, Column>of(
                        KEY,
                        new Int64Column(keys),
                        NUMBER,
                        new Int64Column(keys),
                        VECTOR.id(),
                        EveryType.column(VECTOR, count, random),
                        SMALL.id(),
                        EveryType.column(SMALL, count, random),
                        BITS.id(),
                        EveryType.column(BITS, count, random),
                        SPARSE.id(),
                        sparse(count))))));
  }

  /// One term each, of ten.
  private static Column sparse(int count) {
    byte[][] rows = new byte[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = new byte[] {(byte) (i % 10), 0, 0, 0, 0, 0, (byte) 0x80, 0x3f};
    }
    return new BytesColumn(rows);
  }

  private void apply(LogRecord record) {
    sequence++;
    shard.apply(Samples.position(sequence), record);
  }

  private float[] query() {
    float[] query = new float[DIMENSION];
    IntStream.range(0, DIMENSION).forEach(i -> query[i] = random.nextFloat(-5, 6));
    return query;
  }

  private List<Hit> search(Field field, Metric metric, float[] query, SearchParams params) {
    return search(field, metric, query, params, Expr.ALWAYS);
  }

  private List<Hit> search(
      Field field, Metric metric, float[] query, SearchParams params, Expr filter) {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      return search(snapshot, field, metric, query, params, filter);
    }
  }

  private static List<Hit> search(
      ShardSnapshot snapshot,
      Field field,
      Metric metric,
      float[] query,
      SearchParams params,
      Expr filter) {
    return snapshot
        .search(
            new SearchRequest(
                field.id(), metric, new Queries.Dense(List.of(query)), K, params, filter, Set.of()),
            Cancellation.NEVER,
            HeapShare.UNCOUNTED)
        .getFirst();
  }

  /// As many searches as it takes for graphs to be due, by several requests of many vectors.
  private void searchAlot(Field field, Metric metric, SearchParams params) {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      snapshot.search(
          new SearchRequest(
              field.id(),
              metric,
              new Queries.Dense(Collections.nCopies(4_096, query())),
              1,
              params,
              Expr.ALWAYS,
              Set.of()),
          Cancellation.NEVER,
          HeapShare.UNCOUNTED);
    }
  }

  private int makeGraphs(Field field, Metric metric) {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      int made = 0;
      for (Optional<TailGraph> due = snapshot.graphDue(field.id(), metric);
          due.isPresent();
          due = snapshot.graphDue(field.id(), metric)) {
        due.get().make(BuildControl.onCallingThread());
        made++;
      }
      return made;
    }
  }

  private long scanned(Field field, Metric metric) {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      return snapshot.rowsWithoutIndex(field.id(), metric, WALK, K);
    }
  }

  @Test
  void blocksThatGetNoMoreRowsHaveGraphsOnceTheyAreSearchedALot() {
    insert(ROWS);
    search(VECTOR, Metric.L2, query(), WALK);
    assertThat(makeGraphs(VECTOR, Metric.L2)).isZero();

    searchAlot(VECTOR, Metric.L2, WALK);

    assertThat(makeGraphs(VECTOR, Metric.L2)).isEqualTo(2);
    assertThat(scanned(VECTOR, Metric.L2)).isEqualTo(500);
    assertThat(scanned(VECTOR, Metric.IP)).isEqualTo(ROWS);
    assertThat(scanned(SMALL, Metric.L2)).isEqualTo(ROWS);
    try (ShardSnapshot snapshot = shard.snapshot()) {
      assertThat(snapshot.rowsWithoutIndex(VECTOR.id(), Metric.L2, WALK, 300)).isEqualTo(ROWS);
      SearchParams wide = new SearchParams.Hnsw(300);
      assertThat(snapshot.rowsWithoutIndex(VECTOR.id(), Metric.L2, wide, K)).isEqualTo(ROWS);
      assertThat(snapshot.rowsWithoutIndex(VECTOR.id(), Metric.L2, EXACT, K)).isEqualTo(ROWS);
    }
    assertThat(shard.tail().indexBytes()).isBetween(2L * BLOCK * 190, 2L * BLOCK * 240);
    assertThat(recall(VECTOR, Metric.L2, Expr.ALWAYS)).isGreaterThan(0.95);
  }

  @Test
  void searchesThatWalkNoGraphAreNotCounted() {
    insert(ROWS);

    searchAlot(VECTOR, Metric.L2, EXACT);
    searchAlot(VECTOR, Metric.L2, new SearchParams.Ivf(8));
    searchAlot(VECTOR, Metric.L2, new SearchParams.Hnsw(300));

    assertThat(makeGraphs(VECTOR, Metric.L2)).isZero();
  }

  @Test
  void rowsThatComeLaterAreFoundAndDeletedOnesAreNot() {
    insert(ROWS);
    searchAlot(VECTOR, Metric.L2, WALK);
    makeGraphs(VECTOR, Metric.L2);
    float[] query = query();
    try (ShardSnapshot before = shard.snapshot()) {
      List<Hit> first = search(VECTOR, Metric.L2, query, WALK);
      long[] found = first.stream().mapToLong(hit -> number(hit.key())).toArray();

      apply(
          new LogRecord.Delete(
              Samples.header(sequence + 1, 1),
              new Int64Column(found),
              Optional.empty(),
              Optional.empty()));
      insert(BLOCK);

      assertThat(search(VECTOR, Metric.L2, query, WALK))
          .hasSize(K)
          .noneMatch(hit -> first.stream().anyMatch(gone -> gone.key().equals(hit.key())));
      assertThat(search(before, VECTOR, Metric.L2, query, WALK, Expr.ALWAYS)).isEqualTo(first);
    }
    assertThat(scanned(VECTOR, Metric.L2)).isEqualTo(BLOCK + 500);
    assertThat(recall(VECTOR, Metric.L2, Expr.ALWAYS)).isGreaterThan(0.95);
  }

  @Test
  void filtersFindAsManyRowsAsThereAre() {
    insert(ROWS);
    searchAlot(VECTOR, Metric.IP, WALK);
    assertThat(makeGraphs(VECTOR, Metric.IP)).isEqualTo(2);

    for (int below : new int[] {5, 100, 3_000, ROWS - 100}) {
      Expr filter = numberBelow(below);
      assertThat(search(VECTOR, Metric.IP, query(), WALK, filter))
          .hasSize(Math.min(K, below))
          .allMatch(hit -> number(hit.key()) < below);
      assertThat(recall(VECTOR, Metric.IP, filter)).isGreaterThan(0.95);
    }
  }

  @Test
  void vectorsThatMayBeMissingAreFoundByTheirRows() {
    insert(ROWS);
    searchAlot(SMALL, Metric.COSINE, WALK);

    assertThat(makeGraphs(SMALL, Metric.COSINE)).isEqualTo(2);
    assertThat(recall(SMALL, Metric.COSINE, Expr.ALWAYS)).isGreaterThan(0.95);
  }

  @Test
  void graphsStayWhenAFieldIsAddedAndGoWithTheirRows() {
    insert(ROWS);
    searchAlot(VECTOR, Metric.L2, WALK);
    makeGraphs(VECTOR, Metric.L2);
    List<Field> fields = new ArrayList<>(schema.fields());
    fields.add(
        new Field(
            106,
            "added",
            "",
            DataType.INT64,
            false,
            false,
            false,
            false,
            true,
            Optional.empty(),
            Optional.empty(),
            Map.of()));

    shard.adopt(new CollectionSchema("tail", "", fields, 2));
    assertThat(scanned(VECTOR, Metric.L2)).isEqualTo(500);

    shard.install(shard.checkpoint(shard.version()), List.of(), List.of());
    assertThat(shard.tail().indexBytes()).isZero();
    assertThat(search(VECTOR, Metric.L2, query(), WALK)).isEmpty();
  }

  @Test
  void rowsThatAFlushHasTakenAreNotFoundByTheGraphOfTheRest() {
    insert(5_000);
    Checkpoint flushed = shard.checkpoint(shard.version());
    insert(ROWS - 5_000);
    searchAlot(VECTOR, Metric.L2, WALK);
    assertThat(makeGraphs(VECTOR, Metric.L2)).isEqualTo(2);

    shard.install(flushed, List.of(), List.of());

    assertThat(scanned(VECTOR, Metric.L2)).isEqualTo(500);
    assertThat(search(VECTOR, Metric.L2, query(), WALK))
        .hasSize(K)
        .allMatch(hit -> number(hit.key()) >= 5_000);
    assertThat(recall(VECTOR, Metric.L2, Expr.ALWAYS)).isGreaterThan(0.95);
  }

  /// By codes all other rows are alike then.
  @Test
  void aRowThatIsMuchLongerThanAllOthersDoesNoHarm() {
    insert(BLOCK / 2);
    long[] key = {rows++};
    float[] giant = new float[DIMENSION];
    giant[3] = 1e6f;
    apply(
        new LogRecord.Insert(
            Samples.header(sequence + 1, 1),
            Samples.PARTITION,
            new RowBatch(
                1,
                new TreeMap<>(
                    Map.<Long, Column>of(
                        KEY,
                        new Int64Column(key),
                        NUMBER,
                        new Int64Column(key),
                        VECTOR.id(),
                        new FloatVectorColumn(giant, DIMENSION),
                        SMALL.id(),
                        EveryType.column(SMALL, 1, random),
                        BITS.id(),
                        EveryType.column(BITS, 1, random),
                        SPARSE.id(),
                        sparse(1))))));
    insert(BLOCK);
    searchAlot(VECTOR, Metric.IP, WALK);

    assertThat(makeGraphs(VECTOR, Metric.IP)).isOne();
    assertThat(shard.tail().indexBytes()).isBetween(BLOCK * 130L, BLOCK * 160L);
    assertThat(recall(VECTOR, Metric.IP, numberBelow(key[0]))).isGreaterThan(0.95);
  }

  @Test
  void vectorsOfBitsAndSparseOnesAreScanned() {
    insert(ROWS);
    List<byte[]> bits = List.of(new byte[] {1, 2});
    List<byte[]> sparse = List.of(new byte[] {3, 0, 0, 0, 0, 0, (byte) 0x80, 0x3f});
    try (ShardSnapshot snapshot = shard.snapshot()) {
      assertThat(encoded(snapshot, BITS, Metric.HAMMING, bits)).hasSize(K);
      assertThat(encoded(snapshot, SPARSE, Metric.IP, sparse)).hasSize(K);
      assertThat(snapshot.rowsWithoutIndex(SPARSE.id(), Metric.IP, WALK, K)).isEqualTo(ROWS);
      assertThat(snapshot.graphDue(SPARSE.id(), Metric.IP)).isEmpty();
      assertThat(snapshot.graphDue(BITS.id(), Metric.HAMMING)).isEmpty();
    }
  }

  private static List<Hit> encoded(
      ShardSnapshot snapshot, Field field, Metric metric, List<byte[]> queries) {
    return snapshot
        .search(
            new SearchRequest(
                field.id(), metric, new Queries.Encoded(queries), K, WALK, Expr.ALWAYS, Set.of()),
            Cancellation.NEVER,
            HeapShare.UNCOUNTED)
        .getFirst();
  }

  @Test
  void oneThatCannotBeMadeIsNotTriedAgain() {
    insert(ROWS);
    searchAlot(VECTOR, Metric.L2, WALK);
    try (ShardSnapshot snapshot = shard.snapshot()) {
      snapshot.graphDue(VECTOR.id(), Metric.L2).orElseThrow().giveUp();
    }

    assertThat(makeGraphs(VECTOR, Metric.L2)).isOne();
    assertThat(recall(VECTOR, Metric.L2, Expr.ALWAYS)).isGreaterThan(0.95);
  }

  private double recall(Field field, Metric metric, Expr filter) {
    int hits = 0;
    int wanted = 0;
    for (int i = 0; i < 50; i++) {
      float[] query = query();
      List<Hit> exact = search(field, metric, query, EXACT, filter);
      List<Hit> found = search(field, metric, query, WALK, filter);
      float worst = exact.getLast().score();
      wanted += exact.size();
      hits +=
          (int) found.stream().filter(hit -> metric.compareScores(hit.score(), worst) <= 0).count();
    }
    return hits / (double) wanted;
  }

  private static Expr numberBelow(long limit) {
    return new Expr.Compare(
        new FieldRef(NUMBER, DataType.INT64), Comparison.LESS, new IntLiteral(limit));
  }

  private static long number(Key key) {
    return key instanceof Key.LongKey(long value) ? value : -1;
  }
}
