package io.elanus.segment.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.expr.Expr;
import io.elanus.common.expr.FilterParser;
import io.elanus.common.format.Format;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.DataType;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.Metric;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.model.RowBatch;
import io.elanus.common.object.ObjectLayout;
import io.elanus.index.BuildControl;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.index.SearchParams;
import io.elanus.segment.Samples;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.ColumnView.ByteStrings;
import io.elanus.segment.column.ColumnView.Nullables;
import io.elanus.segment.column.SparseRows;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.delete.SegmentDeletes;
import io.elanus.segment.file.SegmentReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A segment of sparse vectors answers by its index as it does by a scan, with and without nulls.
final class SparseSearchTest {
  private static final int ROWS = 3000;
  private static final long SPARSE = 101;
  private static final long SPARSE_OR_NULL = 102;

  private static final CollectionSchema SCHEMA =
      new CollectionSchema(
          "texts",
          "",
          List.of(
              Samples.field(Samples.KEY, "id", DataType.INT64, false, Map.of()),
              Samples.field(SPARSE, "sparse", DataType.SPARSE_FLOAT_VECTOR, false, Map.of()),
              Samples.field(
                  SPARSE_OR_NULL, "sparse_or_null", DataType.SPARSE_FLOAT_VECTOR, true, Map.of())),
          1);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(longs = {SPARSE, SPARSE_OR_NULL})
  void anIndexFindsWhatAScanFinds(long fieldId) throws IOException {
    Random random = new Random(fieldId);
    SegmentReader segment = segment(random);
    List<Queries> queries =
        IntStream.range(0, 20)
            .mapToObj(_ -> (Queries) new Queries.Encoded(List.of(sparse(30, random))))
            .toList();
    List<Expr> filters =
        List.of(Expr.ALWAYS, filter("id > 700"), filter("id % 7 == 3"), filter("id in [1, 2, 99]"));

    List<List<Hit>> byScan = search(segment, fieldId, queries, filters);
    attach(segment, fieldId);
    assertThat(segment.index(fieldId)).isPresent();
    List<List<Hit>> byIndex = search(segment, fieldId, queries, filters);

    assertThat(byIndex).isEqualTo(byScan);
    assertThat(byScan).anyMatch(hits -> hits.size() == 25);
    segment.close();
  }

  @Test
  void anIndexOfAnotherColumnIsRefused() throws IOException {
    try (SegmentReader segment = segment(new Random(1))) {
      Path file = folder.resolve("index");
      IndexEntry right = build(segment, SPARSE, file);
      IndexEntry wrong = new IndexEntry(right.index(), SPARSE_OR_NULL, right.file());

      assertThatThrownBy(
              () -> segment.attachIndex(wrong, SCHEMA.requireField(SPARSE_OR_NULL), file))
          .isInstanceOf(DbException.class)
          .hasMessageContaining("index is over 3000 vectors");
      assertThat(segment.index(SPARSE_OR_NULL)).isEmpty();
    }
  }

  private SegmentReader segment(Random random) {
    boolean[] valid = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      valid[row] = random.nextInt(3) > 0;
    }
    Map<Long, Column> columns =
        Map.of(
            Samples.KEY,
            new Int64Column(LongStream.range(0, ROWS).toArray()),
            SPARSE,
            column(ROWS, random),
            SPARSE_OR_NULL,
            new NullableColumn(column(NullableColumn.count(valid), random), valid));
    Path file = folder.resolve("segment");
    RowBatch rows = new RowBatch(ROWS, new TreeMap<>(columns));
    return SegmentReader.open(file, Samples.write(file, Samples.segmentRows(SCHEMA, rows)), SCHEMA);
  }

  private static Column column(int count, Random random) {
    return new BytesColumn(
        IntStream.range(0, count)
            .mapToObj(_ -> sparse(random.nextInt(8), random))
            .toArray(byte[][]::new));
  }

  /// Of few different weights, so that many rows score the same.
  private static byte[] sparse(int size, Random random) {
    Map<Integer, Float> entries = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      entries.put(random.nextInt(1 + random.nextInt(100)), (float) random.nextInt(4));
    }
    ByteBuffer bytes = ByteBuffer.allocate(8 * entries.size()).order(ByteOrder.LITTLE_ENDIAN);
    entries.forEach((term, weight) -> bytes.putInt(term).putFloat(weight));
    return bytes.array();
  }

  private static Expr filter(String text) {
    return FilterParser.parse(text, SCHEMA, Map.of());
  }

  private void attach(SegmentReader segment, long fieldId) throws IOException {
    Path file = folder.resolve("index");
    segment.attachIndex(build(segment, fieldId, file), SCHEMA.requireField(fieldId), file);
  }

  private static IndexEntry build(SegmentReader segment, long fieldId, Path file)
      throws IOException {
    ColumnView column = segment.column(fieldId);
    ByteStrings vectors =
        (ByteStrings) (column instanceof Nullables nullables ? nullables.values() : column);
    IndexBuilder.build(
            new SparseRows(vectors.bytes()),
            new IndexParams.Sparse(),
            BuildControl.onCallingThread())
        .writeTo(file);
    byte[] bytes = Files.readAllBytes(file);
    IndexId id = new IndexId(3);
    FileRef ref =
        new FileRef(
            ObjectLayout.index(Samples.SHARD, segment.entry().id(), id, 1),
            bytes.length,
            Format.crc32c(bytes, 0, bytes.length));
    return new IndexEntry(id, fieldId, ref);
  }

  /// With every 10th row deleted.
  private static List<List<Hit>> search(
      SegmentReader segment, long fieldId, List<Queries> queries, List<Expr> filters) {
    SegmentDeletes deletes = new SegmentDeletes(segment);
    long[] gone = LongStream.range(0, ROWS / 10).map(i -> 10 * i).toArray();
    deletes.advance(
        List.of(new Deletes(6000, 5999, Optional.empty(), new Int64Column(gone))), 6000);
    assertThat(segment.tryRetain()).as("for the snapshot").isTrue();
    try (ShardSnapshot snapshot = ShardSnapshot.of(SCHEMA, List.of(deletes), 6000, 0)) {
      return queries.stream()
          .flatMap(
              query -> filters.stream().map(filter -> search(snapshot, fieldId, query, filter)))
          .toList();
    }
  }

  private static List<Hit> search(
      ShardSnapshot snapshot, long fieldId, Queries query, Expr filter) {
    SearchRequest request =
        new SearchRequest(
            fieldId, Metric.IP, query, 25, new SearchParams.Exact(), filter, Set.of());
    List<Hit> hits = snapshot.search(request, Cancellation.NEVER, HeapShare.UNCOUNTED).getFirst();
    assertThat(hits).noneMatch(hit -> hit.address().key().toString().endsWith("0"));
    return hits;
  }
}
