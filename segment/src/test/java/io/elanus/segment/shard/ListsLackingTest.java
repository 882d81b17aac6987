package io.elanus.segment.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.Expr;
import io.elanus.common.format.Format;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.Metric;
import io.elanus.common.model.RowBatch;
import io.elanus.common.object.ObjectLayout;
import io.elanus.index.BuildControl;
import io.elanus.index.DenseVectors;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.index.RemoteLists;
import io.elanus.index.SearchParams;
import io.elanus.segment.Samples;
import io.elanus.segment.delete.SegmentDeletes;
import io.elanus.segment.file.RemoteIndexes;
import io.elanus.segment.file.SegmentReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A segment of which neither file is here is searched by lists of its index.
class ListsLackingTest {
  private static final int ROWS = 4_000;
  private static final int DIMENSION = 8;
  private static final int K = 10;
  private static final Field VECTOR =
      field(Samples.VECTOR, DataType.FLOAT_VECTOR, Map.of("dim", "" + DIMENSION));
  private static final CollectionSchema SCHEMA =
      new CollectionSchema(
          "points", "", List.of(field(Samples.KEY, DataType.INT64, Map.of()), VECTOR), 1);

  @TempDir private Path folder;
  private final Random random = new Random(1);
  private SegmentEntry entry;
  private byte[] segmentBytes;
  private byte[] indexBytes;

  private static Field field(long id, DataType type, Map<String, String> params) {
    boolean key = id == Samples.KEY;
    return new Field(id, key ? "id" : "v", "", type, key, false, false, false, params);
  }

  @BeforeEach
  void write() throws IOException {
    float[] values = vectors(ROWS);
    RowBatch rows =
        new RowBatch(
            ROWS,
            new TreeMap<>(
                Map.of(
                    Samples.KEY, new Int64Column(LongStream.range(0, ROWS).toArray()),
                    Samples.VECTOR, new FloatVectorColumn(values, DIMENSION))));
    Path file = folder.resolve("segment");
    SegmentEntry bare = Samples.write(file, Samples.segmentRows(SCHEMA, rows));
    segmentBytes = Files.readAllBytes(file);
    Path index = folder.resolve("index");
    IndexBuilder.build(
            DenseVectors.of(values, DIMENSION),
            new IndexParams.Ivf(io.elanus.index.Metric.L2, 32, 1),
            BuildControl.onCallingThread())
        .writeTo(index);
    indexBytes = Files.readAllBytes(index);
    entry = bare.withIndexes(List.of(new IndexEntry(new IndexId(3), Samples.VECTOR, ref(bare))));
  }

  private FileRef ref(SegmentEntry bare) {
    return new FileRef(
        ObjectLayout.index(Samples.SHARD, bare.id(), new IndexId(3), 1),
        indexBytes.length,
        Format.crc32c(indexBytes, 0, indexBytes.length));
  }

  private float[] vectors(int count) {
    float[] values = new float[count * DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Test
  void allThatManyQueriesLackIsToldAtOnce() {
    SearchRequest request = request(200);
    try (SegmentReader whole = SegmentReader.open(folder.resolve("segment"), entry, SCHEMA);
        SegmentReader part = part()) {
      bringHead(part);
      whole.attachIndex(entry.indexes().getFirst(), VECTOR, folder.resolve("index"));

      ListsLacking lacking = catchThrowableOfType(ListsLacking.class, () -> search(part, request));
      for (ListsLacking.Lack lack : lacking.lacks()) {
        for (RemoteLists.Range range : lack.ranges()) {
          indexes(part).bringList(lack.fieldId(), range, source(indexBytes));
        }
      }

      assertThat(search(part, request)).isEqualTo(search(whole, request));
    }
  }

  @Test
  void whatHasNeitherVectorsNorAHeadIsNotLoaded() {
    try (SegmentReader part = part()) {
      assertThatThrownBy(() -> search(part, request(1)))
          .isInstanceOfSatisfying(
              DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SEGMENT_NOT_LOADED));
    }
  }

  @Test
  void anIndexOfOtherVectorsIsRefusedByItsStart() {
    Field other = field(Samples.VECTOR, DataType.FLOAT16_VECTOR, Map.of("dim", "" + DIMENSION));
    Field longer = field(Samples.VECTOR, DataType.FLOAT_VECTOR, Map.of("dim", "9"));
    try (SegmentReader part = part()) {
      for (Field wrong : List.of(other, longer)) {
        assertThatThrownBy(() ->
                indexes(part)
                    .headBytes(wrong, entry.indexes().getFirst().file(), source(indexBytes)))
            .isInstanceOfSatisfying(
                DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
      }
    }
  }

  private SegmentReader part() {
    return SegmentReader.openPart(entry, SCHEMA, source(segmentBytes), (_, _) -> {});
  }

  private void bringHead(SegmentReader part) {
    FileRef file = entry.indexes().getFirst().file();
    long bytes = indexes(part).headBytes(VECTOR, file, source(indexBytes));
    indexes(part).bringHead(VECTOR, file, bytes, source(indexBytes));
  }

  private static RemoteIndexes indexes(SegmentReader part) {
    return part.remoteIndexes().orElseThrow();
  }

  private static SegmentReader.ColumnSource source(byte[] file) {
    return (offset, target) ->
        MemorySegment.copy(
            file, (int) offset, target, ValueLayout.JAVA_BYTE, 0, (int) target.byteSize());
  }

  private SearchRequest request(int queries) {
    List<float[]> vectors = IntStream.range(0, queries).mapToObj(_ -> vectors(1)).toList();
    return new SearchRequest(
        Samples.VECTOR,
        Metric.L2,
        new Queries.Dense(vectors),
        K,
        new SearchParams.Ivf(2),
        Expr.ALWAYS,
        Set.of());
  }

  private static List<List<Hit>> search(SegmentReader segment, SearchRequest request) {
    SegmentDeletes deletes = new SegmentDeletes(segment);
    deletes.advance(List.of(), 6000);
    assertThat(segment.tryRetain()).as("for the snapshot").isTrue();
    try (ShardSnapshot snapshot = ShardSnapshot.of(SCHEMA, List.of(deletes), 6000, 0)) {
      return snapshot.search(request, Cancellation.NEVER, HeapShare.UNCOUNTED);
    }
  }
}
