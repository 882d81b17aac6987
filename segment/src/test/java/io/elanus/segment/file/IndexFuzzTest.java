package io.elanus.segment.file;

import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import io.elanus.index.AcceptedRows;
import io.elanus.index.BuildControl;
import io.elanus.index.FloatVectors;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexCorruptException;
import io.elanus.index.IndexParams;
import io.elanus.index.Metric;
import io.elanus.index.Quantization;
import io.elanus.index.SearchParams;
import io.elanus.index.VectorIndex;
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
    return Stream.of(
            new IndexParams.Hnsw(Metric.L2, 2, 10, 1),
            new IndexParams.Hnsw(Metric.COSINE, 2, 10, 1),
            new IndexParams.Ivf(Metric.L2, 2, 1),
            new IndexParams.Ivf(Metric.COSINE, 2, 1),
            new IndexParams.Hnsw(Metric.COSINE, 2, 10, Quantization.SQ7, 1),
            new IndexParams.Ivf(Metric.L2, 2, Quantization.SQ4, 1))
        .map(IndexFuzzTest::file)
        .toList();
  }

  private static byte[] file(IndexParams params) {
    try {
      Path file = Files.createTempDirectory("fuzz").resolve("index");
      IndexBuilder.build(VECTORS, params, BuildControl.onCallingThread()).writeTo(file);
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
    VectorIndex index;
    try {
      index = VectorIndex.map(file, VECTORS);
    } catch (IndexCorruptException _) {
      return;
    }
    AcceptedRows some = AcceptedRows.of(new long[] {~0b1001L, (1L << 36) - 1});
    for (float[] query : List.of(new float[] {0, 1}, new float[] {9, -3})) {
      for (SearchParams effort : List.of(new SearchParams.Hnsw(2), new SearchParams.Ivf(1))) {
        index.search(query, 2, effort, AcceptedRows.ALL);
        index.search(query, 2, effort, some);
      }
    }
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("index", seeds(), IndexFuzzTest::fuzzerTestOneInput);
  }
}
