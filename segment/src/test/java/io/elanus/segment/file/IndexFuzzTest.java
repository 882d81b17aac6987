package io.elanus.segment.file;

import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import io.elanus.index.AcceptedRows;
import io.elanus.index.BitVectors;
import io.elanus.index.BuildControl;
import io.elanus.index.BuiltIndex;
import io.elanus.index.DenseVectors;
import io.elanus.index.IndexBuilder;
import io.elanus.index.IndexCorruptException;
import io.elanus.index.IndexParams;
import io.elanus.index.Likeness;
import io.elanus.index.Metric;
import io.elanus.index.MinHashIndex;
import io.elanus.index.Quantization;
import io.elanus.index.SearchParams;
import io.elanus.index.SparseIndex;
import io.elanus.index.SparseVectors;
import io.elanus.index.VectorIndex;
import io.elanus.segment.column.Blobs;
import io.elanus.segment.column.SparseRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Bytes of an index file whose checksum is right: refused when it is opened, or every search answers.
public final class IndexFuzzTest {
  /// So many that graphs are walked, not scanned.
  private static final int ROWS = 100;

  private static final AcceptedRows SOME = AcceptedRows.of(new long[] {~0b1001L, (1L << 36) - 1});

  private static final DenseVectors VECTORS = vectors();

  private static DenseVectors vectors() {
    float[] values = new float[2 * ROWS];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 7 % 5;
    }
    return DenseVectors.of(values, 2);
  }

  private static final SparseVectors SPARSE_VECTORS = sparseVectors();

  /// Terms that many rows have, and terms that few have.
  private static SparseVectors sparseVectors() {
    ByteBuffer data = ByteBuffer.allocate(20 * ROWS).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < ROWS; row++) {
      data.putInt(16).putInt(row % 3).putFloat(row % 7).putInt(10 + row / 4).putFloat(-1);
    }
    return new SparseRows(Blobs.scan(MemorySegment.ofArray(data.array()), ROWS));
  }

  private static final BitVectors BIT_VECTORS = bitVectors();

  /// Signatures of seven elements of two bytes, a few of which rows have in common.
  private static BitVectors bitVectors() {
    byte[] bits = new byte[14 * ROWS];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (byte) (i * 7 % 5 / 3);
    }
    return new BitVectors(MemorySegment.ofArray(bits), ROWS, 14);
  }

  static List<byte[]> seeds() {
    IndexParams.Sparse sparse = new IndexParams.Sparse();
    Stream<byte[]> ofSparse =
        Stream.of(file(IndexBuilder.build(SPARSE_VECTORS, sparse, BuildControl.onCallingThread())));
    IndexParams.MinHash bands = new IndexParams.MinHash(2, 3);
    Stream<byte[]> ofBits =
        Stream.of(file(IndexBuilder.build(BIT_VECTORS, bands, BuildControl.onCallingThread())));
    return Stream.of(ofDense(), ofSparse, ofBits).flatMap(Function.identity()).toList();
  }

  private static Stream<byte[]> ofDense() {
    return Stream.of(
            new IndexParams.Hnsw(Metric.L2, 2, 10, 1),
            new IndexParams.Hnsw(Metric.COSINE, 2, 10, 1),
            new IndexParams.Ivf(Metric.L2, 2, 1),
            new IndexParams.Ivf(Metric.COSINE, 2, 1),
            new IndexParams.Hnsw(Metric.COSINE, 2, 10, Quantization.SQ7, 1),
            new IndexParams.Hnsw(Metric.COSINE, 2, 10, Quantization.BIT, 1),
            new IndexParams.Paged(Metric.L2, 32, 10, 1),
            new IndexParams.Ivf(Metric.L2, 2, Quantization.SQ4, 1),
            new IndexParams.Ivf(Metric.L2, 2, Quantization.BIT, 1),
            new IndexParams.Ivf(Metric.COSINE, 2, Quantization.BIT, 1))
        .map(params -> IndexBuilder.build(VECTORS, params, BuildControl.onCallingThread()))
        .map(IndexFuzzTest::file);
  }

  private static byte[] file(BuiltIndex built) {
    try {
      Path file = Files.createTempDirectory("fuzz").resolve("index");
      built.writeTo(file);
      byte[] bytes = Files.readAllBytes(file);
      Files.delete(file);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void fuzzerTestOneInput(byte[] input) {
    byte[] sealed = Fuzzing.sealed(input);
    Fuzzing.judge(
        input,
        Fuzzing.NONE,
        () -> {
          try (Arena arena =
              Arena.ofConfined()) { // as mapped files are: kernels for those check no bounds
            MemorySegment file =
                arena.allocate(Math.max(1, sealed.length), 64).asSlice(0, sealed.length);
            search(file.copyFrom(MemorySegment.ofArray(sealed)));
          }
        });
  }

  private static void search(MemorySegment file) {
    searchDense(file);
    searchSparse(file);
    searchBits(file);
  }

  private static void searchBits(MemorySegment file) {
    MinHashIndex index;
    try {
      index = MinHashIndex.map(file, BIT_VECTORS);
    } catch (IndexCorruptException _) {
      return;
    }
    for (Likeness likeness : Likeness.values()) {
      index.search(new byte[14], 2, likeness, AcceptedRows.ALL);
      index.search(new byte[14], 2, likeness, SOME);
    }
  }

  private static void searchSparse(MemorySegment file) {
    SparseIndex index;
    try {
      index = SparseIndex.map(file, SPARSE_VECTORS);
    } catch (IndexCorruptException _) {
      return;
    }
    byte[] query =
        ByteBuffer.allocate(24)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(1)
            .putFloat(2)
            .putInt(2)
            .putFloat(1)
            .putInt(20)
            .putFloat(-3)
            .array();
    for (SearchParams effort : List.of(new SearchParams.Exact(), new SearchParams.Sparse(0.5f))) {
      index.search(query, 2, effort, AcceptedRows.ALL);
      index.search(query, 2, effort, SOME);
    }
  }

  private static void searchDense(MemorySegment file) {
    VectorIndex index;
    try {
      index = VectorIndex.map(file, VECTORS);
    } catch (IndexCorruptException _) {
      return;
    }
    for (float[] query : List.of(new float[] {0, 1}, new float[] {9, -3})) {
      for (SearchParams effort : List.of(new SearchParams.Hnsw(2), new SearchParams.Ivf(1))) {
        index.search(query, 2, effort, AcceptedRows.ALL);
        index.search(query, 2, effort, SOME);
      }
    }
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("index", seeds(), IndexFuzzTest::fuzzerTestOneInput);
  }
}
