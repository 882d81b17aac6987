package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// What is refused of a file of bands.
class MinHashFileTest extends IndexBytesContract {
  private static final int COUNT = 20;
  private static final BitVectors VECTORS = TestSignatures.draw(COUNT, 9, 4, 3, 1);

  /// Of hashes and of rows.
  private static final int BAND_BYTES = 4 * COUNT;

  @Test
  void theWriterStillProducesTheGoldenBytes() throws IOException {
    assertThat(written()).isEqualTo(golden("minhash-v1.minhash"));
  }

  @Test
  void theReaderStillReadsTheGoldenBytes() throws IOException {
    MinHashIndex index =
        MinHashIndex.map(MemorySegment.ofArray(golden("minhash-v1.minhash")), VECTORS);

    byte[] query = Arrays.copyOf(VECTORS.data().toArray(ValueLayout.JAVA_BYTE), 36);
    assertThat(index.search(query, COUNT, Likeness.ELEMENTS, AcceptedRows.ALL))
        .usingRecursiveComparison()
        .isEqualTo(
            new MinHashScan(new Signatures(VECTORS, 4, 3))
                .search(query, COUNT, Likeness.ELEMENTS, AcceptedRows.ALL));
  }

  /// A writer that is wrong makes a right checksum, too.
  @Test
  void whatLeadsNowhereIsRefused() throws IOException {
    byte[] file = written();
    MinHashHeader header = MinHashHeader.read(MemorySegment.ofArray(file));
    long hashes = IndexFile.HEADER_BYTES;
    long rows = header.rowsStart();

    assertRefused(resealed(file, 12, 1), "the index is not over MinHash signatures");
    assertRefused(resealed(file, 16, 1), "impossible values");
    assertRefused(resealed(file, 20, 9 * 32 + 1), "impossible values");
    assertRefused(resealed(file, 20, 0), "impossible values");
    assertRefused(resealed(file, 20, 8 * 32), "opened with 20 of 36");
    assertRefused(resealed(file, 24, -1), "impossible values");
    assertRefused(resealed(file, 24, COUNT + 64), "file has");
    assertRefused(resealed(file, 28, 5), "impossible values");
    assertRefused(resealed(file, 28, 0), "impossible values");
    assertRefused(resealed(file, 32, 0), "impossible values");
    assertRefused(resealed(file, 32, 10), "impossible values");
    assertRefused(resealed(file, 32, 9), "file has");
    assertRefused(resealed(file, rows, -1), "row -1 of 20 in place 0");
    assertRefused(resealed(file, rows + BAND_BYTES + 4, COUNT), "row 20 of 20 in place 1");
    assertRefused(resealed(file, hashes + BAND_BYTES - 4, Integer.MIN_VALUE), "out of order");
    assertRefused(resealed(file, hashes, Integer.MAX_VALUE), "place 1 is out of order");
    int last = MemorySegment.ofArray(file).get(IndexFile.INT, rows + BAND_BYTES - 4);
    assertRefused(resealed(file, rows, last), "row %d is in two places".formatted(last));
  }

  @Test
  void otherVectorsAreRefused() throws IOException {
    MemorySegment file = MemorySegment.ofArray(written());

    assertThatThrownBy(() -> MinHashIndex.map(file, TestSignatures.draw(COUNT - 1, 9, 4, 3, 1)))
        .isInstanceOf(IndexCorruptException.class)
        .hasMessage("index is over 20 vectors of 36 bytes, opened with 19 of 36");
    assertThatThrownBy(() -> VectorIndex.map(file, DenseVectors.of(new float[COUNT], 1)))
        .isInstanceOf(IndexCorruptException.class)
        .hasMessage("the index is over vectors of bits, not of numbers");
    assertThatThrownBy(() -> SparseIndex.map(file, TestSparseVectors.of(new byte[COUNT][0])))
        .isInstanceOf(IndexCorruptException.class);
  }

  @Test
  void noVectorsHaveAnIndex() throws IOException {
    BitVectors none = TestSignatures.draw(0, 9, 4, 3, 1);
    MinHashIndex index = MinHashIndex.map(MemorySegment.ofArray(bytes(none)), none);

    assertThat(index.search(new byte[36], 1, Likeness.BAND, AcceptedRows.ALL).size()).isZero();
  }

  @Override
  byte[] written() throws IOException {
    return bytes(VECTORS);
  }

  @Override
  void open(MemorySegment file) {
    MinHashIndex.map(file, VECTORS);
  }

  private static byte[] bytes(BitVectors vectors) throws IOException {
    return HnswBuilderTest.bytes(
        MinHashIndexTest.build(vectors, 4, 3, BuildControl.onCallingThread()));
  }
}
