package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What is refused of a graph with codes beside its links, and what its bytes are.
class HnswBitsFileTest extends IndexFileContract {
  private static final DenseVectors VECTORS = DenseVectors.of(TestVectors.whole(30, 5, 20, 11), 5);

  /// Sums of floats differ in their last bits with the width of the machine's vectors; all else is the same everywhere.
  @ParameterizedTest
  @EnumSource
  void theWriterStillProducesTheGoldenBytes(Metric metric) throws IOException {
    MemorySegment golden =
        MemorySegment.ofArray(
            golden("hnsw-v1-bit-full-%s.hnsw".formatted(metric.name().toLowerCase())));
    MemorySegment written = MemorySegment.ofArray(written(metric));

    assertThat(written.byteSize()).isEqualTo(golden.byteSize());
    long checksum = golden.byteSize() - IndexFile.CHECKSUM_BYTES;
    for (long at = 0; at < checksum; at += 4) {
      if (written.get(IndexFile.INT, at) != golden.get(IndexFile.INT, at)) {
        assertThat(written.get(IndexFile.FLOAT, at))
            .as("byte %d", at)
            .isCloseTo(golden.get(IndexFile.FLOAT, at), withinPercentage(0.01));
      }
    }
  }

  /// Those of before lists were filled, too.
  @ParameterizedTest
  @EnumSource
  void theReaderStillReadsTheGoldenBytes(Metric metric) throws IOException {
    assertReads(golden("hnsw-v1-bit-%s.hnsw".formatted(metric.name().toLowerCase())), metric);
    assertReads(golden("hnsw-v1-bit-full-%s.hnsw".formatted(metric.name().toLowerCase())), metric);
  }

  private static void assertReads(byte[] golden, Metric metric) {
    VectorIndex index = VectorIndex.map(MemorySegment.ofArray(golden), VECTORS);

    assertThat(index.metric()).isEqualTo(metric);
    assertThat(index.search(VECTORS.row(7), 3, new SearchParams.Hnsw(30), AcceptedRows.ALL).size())
        .isEqualTo(3);
  }

  /// A writer that is wrong makes a right checksum, too.
  @Test
  void codesThatTheStartKnowsNothingOfAreRefused() throws IOException {
    byte[] file = written();
    HnswHeader header = HnswFormat.readHeader(MemorySegment.ofArray(file));
    long second = header.baseStart() + header.baseStride();

    assertRefused(resealed(file, 56, 7), "an index of kind HNSW_BIT has no");
    assertRefused(resealed(file, 12, 3), "an index of kind HNSW_SQ has no");
    assertRefused(resealed(file, second, 30), "link 30 of 30 rows");
  }

  /// Of a walk, each row is read with its links, from as few pages as it takes.
  @ParameterizedTest
  @CsvSource({
    "128, 512, 48, 2048",
    "768, 3072, 40, 8192",
    "5, 20, 40, 1024",
    "1536, 6144, 48, 16384"
  })
  void recordsFillTheirPages(int dimension, int vectorBytes, int degree, int stride) {
    assertThat(LinkedBits.degreeForPages(dimension, vectorBytes, 32, 56)).isEqualTo(degree);
    assertThat(new LinkedBits(dimension, degree, vectorBytes).stride()).isEqualTo(stride);
  }

  @Override
  DenseVectors vectors() {
    return VECTORS;
  }

  @Override
  byte[] written() throws IOException {
    return written(Metric.COSINE);
  }

  private static byte[] written(Metric metric) throws IOException {
    var params = new IndexParams.Hnsw(metric, 3, 10, Quantization.BIT, 5);
    return HnswBuilderTest.bytes(
        IndexBuilder.build(VECTORS, params, BuildControl.onCallingThread()));
  }
}
