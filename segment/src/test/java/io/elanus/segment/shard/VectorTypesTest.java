package io.elanus.segment.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.expr.Expr;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.HalfFloats;
import io.elanus.common.model.Key;
import io.elanus.common.model.Metric;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.RowBatch;
import io.elanus.index.SearchParams;
import io.elanus.segment.EveryType;
import io.elanus.segment.Samples;
import io.elanus.segment.delete.SegmentDeletes;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.tail.Tail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Exact searches of vectors of every type, with and without nulls, in a tail and in a segment.
final class VectorTypesTest {
  private static final CollectionSchema SCHEMA = EveryType.SCHEMA;
  private static final int ROWS = 300;

  @TempDir private Path folder;

  static Stream<Arguments> searches() {
    Stream.Builder<Arguments> searches = Stream.builder();
    for (String suffix : List.of("", "_or_null")) {
      for (Metric metric : List.of(Metric.L2, Metric.IP)) {
        searches.add(Arguments.of("float_vector" + suffix, metric));
        searches.add(Arguments.of("int8_vector" + suffix, metric));
      }
      searches.add(Arguments.of("binary_vector" + suffix, Metric.HAMMING));
    }
    return searches.build();
  }

  @ParameterizedTest
  @MethodSource("searches")
  void theNearestRowsThatHaveAVector(String name, Metric metric) {
    RowBatch rows = EveryType.rows(ROWS, new Random(11));
    Field field = SCHEMA.requireField(name);
    Tail tail = new Tail(SCHEMA, Checkpoint.start(Samples.position(0)));
    tail.apply(Samples.position(1), Samples.insert(Samples.header(1, 1), rows), 5000);
    Path file = folder.resolve("segment");
    var entry = Samples.write(file, Samples.segmentRows(SCHEMA, rows));
    SegmentReader segment = SegmentReader.open(file, entry, SCHEMA);

    try (ShardSnapshot inTail =
            ShardSnapshot.of(SCHEMA, List.of(), Elsewhere.NOTHING, tail.view(), 5000);
        ShardSnapshot inSegment = ShardSnapshot.of(SCHEMA, List.of(deletes(segment)), 5000, 0)) {
      for (ShardSnapshot snapshot : List.of(inTail, inSegment)) {
        assertNearest(snapshot, rows, field, metric);
      }
    }
  }

  private static SegmentDeletes deletes(SegmentReader segment) {
    SegmentDeletes deletes = new SegmentDeletes(segment);
    deletes.advance(List.of(), 5000);
    return deletes;
  }

  private static void assertNearest(
      ShardSnapshot snapshot, RowBatch rows, Field field, Metric metric) {
    float[] query = vector(field, values(rows.column(field)), 3);
    Queries queries =
        field.type() == DataType.BINARY_VECTOR
            ? new Queries.Encoded(List.of(bytes(values(rows.column(field)), 3)))
            : new Queries.Dense(List.of(query));
    SearchRequest request =
        new SearchRequest(
            field.id(), metric, queries, 40, new SearchParams.Exact(), Expr.ALWAYS, Set.of());

    List<Hit> hits = snapshot.search(request, Cancellation.NEVER, HeapShare.UNCOUNTED).getFirst();

    assertThat(hits.stream().map(hit -> hit.key() + " " + hit.score()).toList())
        .isEqualTo(expected(rows.column(field), field, metric, query));
  }

  private record Scored(long key, float score) {}

  private static List<String> expected(Column column, Field field, Metric metric, float[] query) {
    boolean[] valid = NullableColumn.allValid(column).valid();
    int[] ranks = NullableColumn.allValid(column).ranks();
    List<Scored> scored = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      if (valid[row]) {
        scored.add(
            new Scored(row, score(metric, query, vector(field, values(column), ranks[row]))));
      }
    }
    return scored.stream()
        .sorted(
            ((Comparator<Scored>) (a, b) -> metric.compareScores(a.score(), b.score()))
                .thenComparing(Scored::key))
        .limit(40)
        .map(s -> Key.of(s.key()) + " " + s.score())
        .toList();
  }

  private static Column values(Column column) {
    return NullableColumn.allValid(column).values();
  }

  private static byte[] bytes(Column values, int rank) {
    return ((ByteVectorColumn) values.select(new int[] {rank})).values();
  }

  /// Bits are as many numbers, 0 or 1.
  private static float[] vector(Field field, Column values, int rank) {
    if (values.select(new int[] {rank}) instanceof FloatVectorColumn(float[] one, _)) {
      return one;
    }
    byte[] bytes = bytes(values, rank);
    if (field.type() == DataType.FLOAT16_VECTOR) {
      return HalfFloats.fromFloat16(bytes);
    }
    float[] vector = new float[field.dimension()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = field.type() == DataType.INT8_VECTOR ? bytes[i] : bytes[i / 8] >>> (i % 8) & 1;
    }
    return vector;
  }

  private static float score(Metric metric, float[] a, float[] b) {
    float squares = 0;
    float product = 0;
    for (int i = 0; i < a.length; i++) {
      squares += (a[i] - b[i]) * (a[i] - b[i]);
      product += a[i] * b[i];
    }
    return metric == Metric.IP ? product + 0f : squares;
  }
}
