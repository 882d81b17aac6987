package io.elanus.segment.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.format.Damage;
import io.elanus.common.format.Format;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.object.ObjectLayout;
import io.elanus.index.AcceptedRows;
import io.elanus.index.BuildControl;
import io.elanus.index.DenseVectors;
import io.elanus.index.FlatIndex;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexParams;
import io.elanus.index.Metric;
import io.elanus.index.SearchParams;
import io.elanus.index.VectorIndex;
import io.elanus.segment.Samples;
import io.elanus.segment.column.ColumnView.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A graph over the vectors of a segment, built from the mapped file and mapped beside it.
final class SegmentIndexTest {
  private static final int ROWS = 500;
  private static final CollectionSchema SCHEMA = Samples.schema(DataType.INT64, 8);
  private static final Field FIELD = SCHEMA.requireField(Samples.VECTOR);

  @TempDir private Path folder;
  private SegmentReader segment;
  private DenseVectors vectors;

  @BeforeEach
  void open() {
    open(ROWS);
  }

  private void open(int rowCount) {
    int[] numbers = IntStream.range(0, rowCount).toArray();
    RowBatch rows = Samples.rows(SCHEMA, Samples.keys(SCHEMA, numbers), new Random(1));
    Path file = folder.resolve("segment");
    segment =
        SegmentReader.open(file, Samples.write(file, Samples.segmentRows(SCHEMA, rows)), SCHEMA);
    Vectors column = (Vectors) segment.column(Samples.VECTOR);
    vectors = new DenseVectors(column.values(), rowCount, column.dimension());
  }

  @AfterEach
  void close() {
    segment.close();
  }

  private IndexEntry build(Path file) throws IOException {
    IndexParams.Hnsw params = new IndexParams.Hnsw(Metric.L2, 16, 100, 1);
    IndexBuilder.build(vectors, params, BuildControl.onCallingThread()).writeTo(file);
    byte[] bytes = Files.readAllBytes(file);
    IndexId id = new IndexId(3);
    FileRef ref =
        new FileRef(
            ObjectLayout.index(Samples.SHARD, segment.entry().id(), id, 1),
            bytes.length,
            Format.crc32c(bytes, 0, bytes.length));
    return new IndexEntry(id, Samples.VECTOR, ref);
  }

  @Test
  void anAttachedIndexAnswers() throws IOException {
    Path file = folder.resolve("index");
    IndexEntry entry = build(file);
    assertThat(segment.index(Samples.VECTOR)).isEmpty();

    segment.attachIndex(entry, FIELD, file);

    VectorIndex index = (VectorIndex) segment.index(Samples.VECTOR).orElseThrow();
    assertThat(index.metric()).isEqualTo(Metric.L2);
    float[] query = new float[8];
    assertThat(index.search(query, 5, new SearchParams.Hnsw(ROWS), AcceptedRows.ALL).scores())
        .isEqualTo(
            new FlatIndex(vectors, Metric.L2)
                .search(query, 5, new SearchParams.Exact(), AcceptedRows.ALL)
                .scores());
  }

  @Test
  void aDamagedIndexIsNotAttached() throws IOException {
    segment.close();
    open(20);
    Path file = folder.resolve("index");
    IndexEntry entry = build(file);
    Path damaged = folder.resolve("damaged");

    Damage.assertNoticed(
        Files.readAllBytes(file),
        bytes -> {
          Damage.overwrite(damaged, bytes);
          segment.attachIndex(entry, FIELD, damaged);
          return "attached";
        });
    assertThat(segment.index(Samples.VECTOR)).isEmpty();
  }
}
