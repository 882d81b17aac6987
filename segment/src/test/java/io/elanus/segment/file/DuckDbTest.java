package io.elanus.segment.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.RowBatch;
import io.elanus.segment.Samples;
import io.elanus.segment.column.ColumnView.Bools;
import io.elanus.segment.column.ColumnView.ByteStrings;
import io.elanus.segment.column.ColumnView.Doubles;
import io.elanus.segment.column.ColumnView.Longs;
import io.elanus.segment.column.ColumnView.Texts;
import io.elanus.segment.column.ColumnView.Vectors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A stranger reads our files: DuckDB, which knows nothing of us.
final class DuckDbTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"INT64,1,1", "INT64,128,3000", "VARCHAR,3,70000", "INT64,65,1000"})
  void duckDbSeesEveryValue(DataType keyType, int dimension, int rowCount) throws SQLException {
    CollectionSchema schema = Samples.schema(keyType, dimension);
    Random random = new Random(rowCount);
    int[] numbers = random.ints(rowCount, 0, rowCount).toArray();
    RowBatch batch = Samples.rows(schema, Samples.keys(schema, numbers), random);
    Path file = folder.resolve("segment.parquet");
    var entry = Samples.write(file, Samples.segmentRows(schema, batch));

    try (SegmentReader ours = SegmentReader.open(file, entry, schema);
        Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement();
        ResultSet theirs = statement.executeQuery("SELECT * FROM '%s'".formatted(file))) {
      int rows = 0;
      while (theirs.next()) {
        assertSameRow(ours, rows++, theirs, keyType);
      }
      assertThat(rows).isEqualTo(rowCount);
    }
  }

  private static void assertSameRow(SegmentReader ours, int row, ResultSet theirs, DataType keyType)
      throws SQLException {
    assertThat(theirs.getLong("__version")).isEqualTo(ours.versions().get(row));
    assertThat(theirs.getInt("__index")).isEqualTo(ours.indexes().get(row));
    assertThat(theirs.getLong("__timestamp")).isEqualTo(1000);
    if (keyType == DataType.INT64) {
      Longs keys = (Longs) ours.keys();
      assertThat(theirs.getLong("id")).isEqualTo(keys.get(row));
    } else {
      assertThat(theirs.getString("id")).isEqualTo(((Texts) ours.keys()).get(row));
    }
    Bools flags = (Bools) ours.column(Samples.FLAG);
    assertThat(theirs.getBoolean("flag")).isEqualTo(flags.get(row));
    Longs counts = (Longs) ours.column(Samples.COUNT);
    assertThat(theirs.getLong("count")).isEqualTo(counts.get(row));
    Doubles ratios = (Doubles) ours.column(Samples.RATIO);
    assertThat(theirs.getDouble("ratio")).isEqualTo(ratios.get(row));
    Texts names = (Texts) ours.column(Samples.NAME);
    assertThat(theirs.getString("name")).isEqualTo(names.get(row));
    ByteStrings metas = (ByteStrings) ours.column(Samples.META);
    assertThat(theirs.getString("$meta").getBytes(StandardCharsets.UTF_8))
        .isEqualTo(metas.bytes().get(row));
    assertSameVector((Object[]) theirs.getArray("vector").getArray(), ours, row);
  }

  private static void assertSameVector(Object[] theirs, SegmentReader ours, int row) {
    Vectors vectors = (Vectors) ours.column(Samples.VECTOR);
    float[] values = vectors.select(new int[] {row}).values();
    assertThat(theirs).hasSize(values.length);
    for (int i = 0; i < values.length; i++) {
      assertThat(((Number) theirs[i]).floatValue()).isEqualTo(values[i]);
    }
  }

  @Test
  void duckDbSeesTheTypesWeMean() throws SQLException {
    CollectionSchema schema = Samples.schema(DataType.VARCHAR, 4);
    RowBatch batch = Samples.rows(schema, Samples.keys(schema, 1, 2), new Random(1));
    Path file = folder.resolve("segment.parquet");
    Samples.write(file, Samples.segmentRows(schema, batch));

    StringBuilder types = new StringBuilder();
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement();
        ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM '%s'".formatted(file))) {
      while (columns.next()) {
        types.append("%s %s\n".formatted(columns.getString(1), columns.getString(2)));
      }
    }

    assertThat(types)
        .hasToString(
            """
            __version BIGINT
            __index INTEGER
            __timestamp BIGINT
            id VARCHAR
            flag BOOLEAN
            count BIGINT
            ratio DOUBLE
            name VARCHAR
            vector FLOAT[]
            $meta JSON
            """);
  }
}
