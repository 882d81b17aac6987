package io.elanus.segment.shard;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.DataType;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.Metric;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.RowBatch;
import io.elanus.common.object.ObjectLayout;
import io.elanus.index.BitVectors;
import io.elanus.index.BuildControl;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.index.Likeness;
import io.elanus.index.SearchParams;
import io.elanus.segment.Samples;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.ColumnView.ByteVectors;
import io.elanus.segment.column.ColumnView.Nullables;
import io.elanus.segment.delete.SegmentDeletes;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.tail.Tail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// MinHash signatures are found alike in a tail, in a segment, and in a segment with an index, with and without nulls.
final class MinHashSearchTest {
  private static final int ROWS = 2000;
  private static final int ELEMENTS = 16;
  private static final int ROW_BYTES = 4 * ELEMENTS;
  private static final long BITS = 101;
  private static final long BITS_OR_NULL = 102;

  private static final SearchParams.Bands BY_BAND = new SearchParams.Bands(4, 4, Likeness.BAND);
  private static final SearchParams.Bands BY_ELEMENTS =
      new SearchParams.Bands(4, 4, Likeness.ELEMENTS);
  private static final SearchParams.Bands OF_MORE_BANDS =
      new SearchParams.Bands(4, 16, Likeness.ELEMENTS);

  private static final Map<String, String> DIM = Map.of("dim", "" + 8 * ROW_BYTES);

  private static final CollectionSchema SCHEMA =
      new CollectionSchema(
          "texts",
          "",
          List.of(
              Samples.field(Samples.KEY, "id", DataType.INT64, false, Map.of()),
              Samples.field(BITS, "bits", DataType.BINARY_VECTOR, false, DIM),
              Samples.field(BITS_OR_NULL, "bits_or_null", DataType.BINARY_VECTOR, true, DIM)),
          1);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(longs = {BITS, BITS_OR_NULL})
  void tailAndSegmentAndIndexAgree(long fieldId) throws IOException {
    RowBatch rows = rows(new Random(fieldId));
    Tail tail = new Tail(SCHEMA, Checkpoint.start(Samples.position(0)));
    tail.apply(Samples.position(1), Samples.insert(Samples.header(1, 1), rows), 5000);
    SegmentReader segment = segment(rows);

    try (ShardSnapshot inTail =
        ShardSnapshot.of(SCHEMA, List.of(), Elsewhere.NOTHING, tail.view(), 5000)) {
      for (SearchParams.Bands bands : List.of(BY_BAND, BY_ELEMENTS, OF_MORE_BANDS)) {
        List<List<String>> byTail = search(inTail, fieldId, bands);
        List<List<String>> byScan = search(segment, fieldId, bands);
        attach(segment, fieldId);
        List<List<String>> byIndex = search(segment, fieldId, bands);

        assertThat(byTail).anyMatch(hits -> hits.size() == 25).anyMatch(hits -> hits.size() < 25);
        assertThat(byScan).isEqualTo(byTail);
        assertThat(byIndex).isEqualTo(byTail);
      }
    }
    segment.close();
  }

  /// As after an index has been dropped and one for another metric was made.
  @Test
  void anIndexOfBandsLeavesOtherSearchesAlone() throws IOException {
    SegmentReader segment = segment(rows(new Random(3)));
    SearchRequest byBits =
        new SearchRequest(
            BITS, Metric.HAMMING, queries(), 25, new SearchParams.Exact(), Expr.ALWAYS, Set.of());
    List<String> before = search(segment, byBits);

    attach(segment, BITS);

    assertThat(search(segment, byBits)).isEqualTo(before).hasSize(25);
    segment.close();
  }

  private SegmentReader segment(RowBatch rows) {
    Path file = folder.resolve("segment");
    return SegmentReader.open(file, Samples.write(file, Samples.segmentRows(SCHEMA, rows)), SCHEMA);
  }

  private static RowBatch rows(Random random) {
    boolean[] valid = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      valid[row] = random.nextInt(3) > 0;
    }
    Map<Long, Column> columns =
        Map.of(
            Samples.KEY,
            new Int64Column(LongStream.range(0, ROWS).toArray()),
            BITS,
            column(ROWS, random),
            BITS_OR_NULL,
            new NullableColumn(column(NullableColumn.count(valid), random), valid));
    return new RowBatch(ROWS, new TreeMap<>(columns));
  }

  private static Column column(int count, Random random) {
    byte[] values = new byte[count * ROW_BYTES];
    for (int row = 0; row < count; row++) {
      System.arraycopy(signature(random), 0, values, row * ROW_BYTES, ROW_BYTES);
    }
    return new ByteVectorColumn(values, ROW_BYTES);
  }

  /// Elements are of few values, so that bands are shared by chance.
  private static byte[] signature(Random random) {
    byte[] signature = new byte[ROW_BYTES];
    for (int at = 0; at < ROW_BYTES; at += 4) {
      signature[at + random.nextInt(2)] = (byte) random.nextInt(2);
    }
    return signature;
  }

  private static Queries.Encoded queries() {
    byte[] unlike = new byte[ROW_BYTES];
    Arrays.fill(unlike, (byte) 77);
    Random random = new Random(9);
    return new Queries.Encoded(List.of(signature(random), signature(random), unlike));
  }

  private void attach(SegmentReader segment, long fieldId) throws IOException {
    ColumnView column = segment.column(fieldId);
    ByteVectors vectors =
        (ByteVectors) (column instanceof Nullables nullables ? nullables.values() : column);
    Path file = folder.resolve("index");
    Files.deleteIfExists(file);
    IndexBuilder.build(
            new BitVectors(vectors.values(), vectors.rowCount(), vectors.rowBytes()),
            new IndexParams.MinHash(4, 4),
            BuildControl.onCallingThread())
        .writeTo(file);
    byte[] bytes = Files.readAllBytes(file);
    IndexId id = new IndexId(3);
    FileRef ref =
        new FileRef(
            ObjectLayout.index(Samples.SHARD, segment.entry().id(), id, 1),
            bytes.length,
            Format.crc32c(bytes, 0, bytes.length));
    segment.attachIndex(new IndexEntry(id, fieldId, ref), SCHEMA.requireField(fieldId), file);
  }

  private static List<List<String>> search(
      SegmentReader segment, long fieldId, SearchParams.Bands bands) {
    SegmentDeletes deletes = new SegmentDeletes(segment);
    deletes.advance(List.of(), 5000);
    assertThat(segment.tryRetain()).as("for the snapshot").isTrue();
    try (ShardSnapshot snapshot = ShardSnapshot.of(SCHEMA, List.of(deletes), 5000, 0)) {
      return search(snapshot, fieldId, bands);
    }
  }

  private static List<String> search(SegmentReader segment, SearchRequest request) {
    SegmentDeletes deletes = new SegmentDeletes(segment);
    deletes.advance(List.of(), 5000);
    assertThat(segment.tryRetain()).as("for the snapshot").isTrue();
    try (ShardSnapshot snapshot = ShardSnapshot.of(SCHEMA, List.of(deletes), 5000, 0)) {
      return text(snapshot.search(request, Cancellation.NEVER, HeapShare.UNCOUNTED).getFirst());
    }
  }

  private static List<List<String>> search(
      ShardSnapshot snapshot, long fieldId, SearchParams.Bands bands) {
    return IntStream.of(25, ROWS)
        .boxed()
        .flatMap(k ->
            List.of("", "id > 1500", "id % 7 == 3", "id in [1, 2, 99]").stream()
                .flatMap(filter -> {
                  SearchRequest request =
                      new SearchRequest(
                          fieldId, Metric.MHJACCARD, queries(), k, bands, filter(filter), Set.of());
                  return snapshot.search(request, Cancellation.NEVER, HeapShare.UNCOUNTED).stream()
                      .map(MinHashSearchTest::text);
                }))
        .toList();
  }

  private static Expr filter(String text) {
    return text.isEmpty() ? Expr.ALWAYS : FilterParser.parse(text, SCHEMA, Map.of());
  }

  private static List<String> text(List<Hit> hits) {
    return hits.stream().map(hit -> hit.key() + " " + hit.score()).toList();
  }
}
