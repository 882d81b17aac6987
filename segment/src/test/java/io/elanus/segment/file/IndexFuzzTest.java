package io.elanus.segment.file;

import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import io.elanus.index.AcceptedRows;
import io.elanus.index.BuildControl;
import io.elanus.index.FloatVectors;
import io.elanus.index.HnswBuilder;
import io.elanus.index.HnswIndex;
import io.elanus.index.IndexCorruptException;
import io.elanus.index.IndexParams;
import io.elanus.index.Metric;
import io.elanus.index.SearchParams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Bytes of an index file whose checksum is right: refused when it is opened, or every search answers.
public final class IndexFuzzTest {
  /// So many that graphs are walked, not scanned.
  private static final int ROWS = 100;

  private static final FloatVectors VECTORS = vectors();

  private static FloatVectors vectors() {
    float[] values = new float[2 * ROWS];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 7 % 5;
    }
    return FloatVectors.of(values, 2);
  }

  static List<byte[]> seeds() {
    return Stream.of(Metric.L2, Metric.COSINE).map(IndexFuzzTest::file).toList();
  }

  private static byte[] file(Metric metric) {
    try {
      Path file = Files.createTempDirectory("fuzz").resolve("index");
      IndexParams.Hnsw params = new IndexParams.Hnsw(metric, 2, 10, 1);
      HnswBuilder.build(VECTORS, params, BuildControl.onCallingThread()).writeTo(file);
      byte[] bytes = Files.readAllBytes(file);
      Files.delete(file);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void fuzzerTestOneInput(byte[] input) {
    MemorySegment file = MemorySegment.ofArray(Fuzzing.sealed(input));
    Fuzzing.judge(input, Fuzzing.NONE, () -> search(file));
  }

  private static void search(MemorySegment file) {
    HnswIndex index;
    try {
      index = HnswIndex.map(file, VECTORS);
    } catch (IndexCorruptException _) {
      return;
    }
    AcceptedRows some = AcceptedRows.of(new long[] {~0b1001L, (1L << 36) - 1});
    for (float[] query : List.of(new float[] {0, 1}, new float[] {9, -3})) {
      index.search(query, 2, new SearchParams.Hnsw(2), AcceptedRows.ALL);
      index.search(query, 2, new SearchParams.Hnsw(2), some);
    }
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("index", seeds(), IndexFuzzTest::fuzzerTestOneInput);
  }
}
