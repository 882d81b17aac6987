package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is refused of a graph over codes.
class HnswCodesFileTest extends IndexFileContract {
  private static final DenseVectors VECTORS = DenseVectors.of(TestVectors.whole(30, 5, 20, 11), 5);

  @ParameterizedTest
  @EnumSource(
      value = Quantization.class,
      names = {"SQ7", "SQ4"})
  void theWriterStillProducesTheGoldenBytes(Quantization quantization) throws IOException {
    assertThat(written(Metric.L2, quantization)).isEqualTo(golden(quantization, 2));
  }

  /// Of before links were packed.
  @ParameterizedTest
  @EnumSource(
      value = Quantization.class,
      names = {"SQ7", "SQ4"})
  void theFirstVersionStillAnswersAsTheSecond(Quantization quantization) throws IOException {
    VectorIndex first = map(golden(quantization, 1));
    VectorIndex second = map(golden(quantization, 2));

    for (int row = 0; row < VECTORS.count(); row++) {
      float[] query = VECTORS.row(row);
      VectorIndexContract.assertSame(
          first.search(query, 3, new SearchParams.Walk(5), AcceptedRows.ALL),
          second.search(query, 3, new SearchParams.Walk(5), AcceptedRows.ALL));
    }
  }

  private static VectorIndex map(byte[] file) {
    return VectorIndex.map(MemorySegment.ofArray(file), VECTORS);
  }

  private static byte[] golden(Quantization quantization, int version) throws IOException {
    String name = quantization.name().toLowerCase(Locale.ROOT);
    return golden("hnsw-v%d-%s.hnsw".formatted(version, name));
  }

  /// A writer that is wrong makes a right checksum, too.
  @Test
  void codesThatTheStartKnowsNothingOfAreRefused() throws IOException {
    byte[] file = written();
    long codes = HnswFormat.readHeader(MemorySegment.ofArray(file)).codesStart();

    assertRefused(resealed(file, 56, 9), "no codes have 9 bits");
    assertRefused(resealed(file, 56, 0), "an index of kind HNSW_SQ has no");
    assertRefused(resealed(file, 12, 1), "an index of kind HNSW has no");
    assertRefused(resealed(file, codes, 4), "codes of 4 bits, expected 7");
    assertRefused(resealed(file, codes + 8, 0), "impossible values");
  }

  @Override
  DenseVectors vectors() {
    return VECTORS;
  }

  @Override
  byte[] written() throws IOException {
    return written(Metric.COSINE, Quantization.SQ7);
  }

  private static byte[] written(Metric metric, Quantization quantization) throws IOException {
    var params = new IndexParams.Hnsw(metric, 3, 10, quantization, 5);
    return HnswBuilderTest.bytes(
        IndexBuilder.build(VECTORS, params, BuildControl.onCallingThread()));
  }
}
