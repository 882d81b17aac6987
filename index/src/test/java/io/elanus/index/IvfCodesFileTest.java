package io.elanus.index;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/// What is refused of lists of codes.
class IvfCodesFileTest extends IndexFileContract {
  private static final DenseVectors VECTORS =
      DenseVectors.of(TestVectors.clustered(80, 5, 3, 1), 5);

  /// A writer that is wrong makes a right checksum, too.
  @Test
  void codesThatTheStartKnowsNothingOfAreRefused() throws IOException {
    assertRefused(resealed(written(), 32, 0), "an index of kind IVF_SQ has no");
    assertRefused(resealed(written(), 12, 2), "an index of kind IVF_FLAT has no");
    assertRefused(resealed(written(), 32, 7), "codes of 4 bits, expected 7");
  }

  @Override
  DenseVectors vectors() {
    return VECTORS;
  }

  @Override
  byte[] written() throws IOException {
    var params = new IndexParams.Ivf(Metric.INNER_PRODUCT, 2, Quantization.SQ4, 1);
    return HnswBuilderTest.bytes(
        IndexBuilder.build(VECTORS, params, BuildControl.onCallingThread()));
  }
}
