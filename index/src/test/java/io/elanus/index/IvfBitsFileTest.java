package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/// What is refused of lists of codes of one bit.
class IvfBitsFileTest extends IndexFileContract {
  private static final DenseVectors VECTORS = DenseVectors.of(TestVectors.whole(90, 5, 20, 11), 5);

  @Test
  void theWriterStillProducesTheGoldenBytes() throws IOException {
    assertThat(written()).isEqualTo(golden("ivf-v1-bit.ivf"));
  }

  /// A writer that is wrong makes a right checksum, too.
  @Test
  void codesThatTheStartKnowsNothingOfAreRefused() throws IOException {
    assertRefused(resealed(written(), 32, 7), "impossible values");
    assertRefused(resealed(written(), 12, 4), "an index of kind IVF_SQ has no");
    assertRefused(resealed(written(), 36, 91), "impossible values");
    assertRefused(resealed(written(), 36, 11), "file has");
  }

  @Override
  DenseVectors vectors() {
    return VECTORS;
  }

  @Override
  byte[] written() throws IOException {
    var params = new IndexParams.Ivf(Metric.L2, 2, Quantization.BIT, 1);
    return HnswBuilderTest.bytes(
        IndexBuilder.build(VECTORS, params, BuildControl.onCallingThread()));
  }
}
