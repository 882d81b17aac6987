package io.elanus.index;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/// What is refused of a graph over codes.
class HnswCodesFileTest extends IndexFileContract {
  private static final FloatVectors VECTORS = FloatVectors.of(TestVectors.whole(30, 5, 20, 11), 5);

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
  FloatVectors vectors() {
    return VECTORS;
  }

  @Override
  byte[] written() throws IOException {
    var params = new IndexParams.Hnsw(Metric.COSINE, 3, 10, Quantization.SQ7, 5);
    return HnswBuilderTest.bytes(
        IndexBuilder.build(VECTORS, params, BuildControl.onCallingThread()));
  }
}
