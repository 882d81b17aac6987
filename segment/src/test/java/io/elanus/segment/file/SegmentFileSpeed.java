package io.elanus.segment.file;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.RowBatch;
import io.elanus.index.DenseVectors;
import io.elanus.index.FlatIndex;
import io.elanus.index.Metric;
import io.elanus.index.SearchParams;
import io.elanus.segment.Samples;
import io.elanus.segment.column.ColumnView.Vectors;
import io.elanus.segment.tail.Tail;
import io.elanus.segment.tail.TailCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.stream.IntStream;

/// How fast a segment file is written, opened, scanned by us and read by DuckDB: the numbers of
/// docs/results/spike-parquet.md. Best of 25, one thread.
///
/// `java @docker/jvm.options -cp <test classpath of segment>
/// io.elanus.segment.file.SegmentFileSpeed`
public final class SegmentFileSpeed {
  private static final int ROWS = 100_000;
  private static final int DIMENSION = 128;
  private static final int ROUNDS = 25;

  private SegmentFileSpeed() {}

  private interface Work {
    void run() throws IOException, SQLException;
  }

  public static void main(String[] args) throws IOException, SQLException {
    CollectionSchema schema = Samples.schema(DataType.INT64, DIMENSION);
    Random random = new Random(1);
    Tail tail = new Tail(schema, Checkpoint.start(Samples.position(0)));
    for (int i = 1; i <= ROWS / 1000; i++) {
      int[] numbers = random.ints(1000).toArray();
      RowBatch rows = Samples.rows(schema, Samples.keys(schema, numbers), random);
      long next = i;
      tail.apply(Samples.position(next), Samples.insert(Samples.header(next, next), rows), next);
    }
    Path file = Files.createTempFile("segment", ".parquet");
    measure(schema, tail, file);
    Files.delete(file);
  }

  private static void measure(CollectionSchema schema, Tail tail, Path file)
      throws IOException, SQLException {
    time("cut and sort", 0, () -> TailCut.of(tail.view(), Long.MAX_VALUE));
    SegmentRows rows = TailCut.of(tail.view(), Long.MAX_VALUE).partitions().getFirst().rows();
    SegmentEntry entry = Samples.write(file, rows);
    long bytes = Files.size(file);
    System.out.printf("%d rows, %d bytes%n", ROWS, bytes);
    time("write", bytes, () -> SegmentWriter.write(file, rows));
    time("open, checksum compared", bytes, () -> SegmentReader.open(file, entry, schema).close());
    time("open", 0, () -> SegmentReader.openVerified(file, entry, schema, () -> {}).close());
    try (SegmentReader reader = SegmentReader.open(file, entry, schema)) {
      Vectors mapped = (Vectors) reader.column(Samples.VECTOR);
      FloatVectorColumn copy = mapped.select(IntStream.range(0, ROWS).toArray());
      long vectorBytes = mapped.values().byteSize();
      scan("exact scan, mapped", vectorBytes, new DenseVectors(mapped.values(), ROWS, DIMENSION));
      scan("exact scan, float[]", vectorBytes, DenseVectors.of(copy.values(), DIMENSION));
      time("DuckDB, all vectors", vectorBytes, () -> duckDb(file));
    }
  }

  private static void scan(String what, long bytes, DenseVectors vectors)
      throws IOException, SQLException {
    FlatIndex index = new FlatIndex(vectors, Metric.L2);
    float[] query = new float[DIMENSION];
    time(
        what,
        bytes,
        () -> index.search(query, 10, new SearchParams.Exact(), io.elanus.index.AcceptedRows.ALL));
  }

  private static void duckDb(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 1");
      try (ResultSet sum =
          statement.executeQuery("SELECT sum(list_sum(vector)) FROM '%s'".formatted(file))) {
        sum.next();
      }
    }
  }

  private static void time(String what, long bytes, Work work) throws IOException, SQLException {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      work.run();
      best = Math.min(best, System.nanoTime() - start);
    }
    double mib = bytes / 1048576.0;
    System.out.printf(
        "%-28s %8.2f ms %10.0f MiB/s%n", what, best / 1e6, bytes == 0 ? 0 : mib / (best / 1e9));
  }
}
