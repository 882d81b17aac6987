package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is refused of a file of postings.
class SparseFileTest extends IndexBytesContract {
  private static final int COUNT = 40;
  private static final SparseVectors VECTORS = vectors(COUNT);

  private static SparseVectors vectors(int count) {
    Random random = new Random(1);
    return TestSparseVectors.draw(count, 6, 12, random::nextFloat, random);
  }

  @Test
  void theWriterStillProducesTheGoldenBytes() throws IOException {
    assertThat(written()).isEqualTo(golden("sparse-v1.sparse"));
  }

  @Test
  void theReaderStillReadsTheGoldenBytes() throws IOException {
    SparseIndex index = SparseIndex.map(MemorySegment.ofArray(golden("sparse-v1.sparse")), VECTORS);

    byte[] query = TestSparseVectors.vector(Map.of(1, 1f));
    assertThat(index.search(query, COUNT, new SearchParams.Exact(), AcceptedRows.ALL))
        .usingRecursiveComparison()
        .isEqualTo(new SparseScan(VECTORS).search(query, COUNT, AcceptedRows.ALL));
  }

  /// A writer that is wrong makes a right checksum, too.
  @Test
  void whatLeadsNowhereIsRefused() throws IOException {
    byte[] file = written();
    SparseHeader header = SparseHeader.read(MemorySegment.ofArray(file));
    int postings = header.postings();
    assertThat(header.frequent()).isBetween(1, header.terms() - 1);

    assertRefused(resealed(file, 12, 1), "the index is over dense vectors");
    assertRefused(resealed(file, 16, 0), "impossible values");
    assertRefused(resealed(file, 20, 1), "impossible values");
    assertRefused(resealed(file, 24, -1), "impossible values");
    assertRefused(resealed(file, 28, postings + 1), "impossible values");
    assertRefused(resealed(file, 36, -1), "impossible values");
    assertRefused(resealed(file, 32, postings + 64), "file has");
    assertRefused(resealed(file, header.termsStart() + 4, 0), "term 0 is out of order");
    assertRefused(resealed(file, header.endsStart(), 0), "a term ends at 0");
    assertRefused(resealed(file, header.endsStart(), postings + 1), "a term ends at");
    assertRefused(
        resealed(file, header.endsStart() + 4L * (header.terms() - 1), postings - 1),
        "the terms end at " + (postings - 1));
    assertRefused(resealed(file, header.rowsStart(), -1), "row -1 of 40 in place 0");
    assertRefused(resealed(file, header.rowsStart() + 4, COUNT), "row 40 of 40 in place 1");
    int first = MemorySegment.ofArray(file).get(IndexFile.INT, header.rowsStart());
    assertRefused(resealed(file, header.rowsStart() + 4, first), "in place 1");
    assertRefused(resealed(file, header.frequentStart(), 7), "is no frequent one of number 7");
    assertRefused(resealed(file, header.windowsStart(), 0), "a window of a term ends at 0");
    assertRefused(resealed(file, header.windowsStart(), postings), "a window of a term ends at");
  }

  @Test
  void otherVectorsAreRefused() throws IOException {
    MemorySegment file = MemorySegment.ofArray(written());
    int entries = SparseHeader.read(file).postings();

    assertThatThrownBy(() -> SparseIndex.map(file, vectors(COUNT - 1)))
        .isInstanceOf(IndexCorruptException.class)
        .hasMessageStartingWith("index is over 40 vectors of %d entries, opened with 39", entries);
    byte[][] empty = new byte[COUNT][0];
    assertThatThrownBy(() -> SparseIndex.map(file, TestSparseVectors.of(empty)))
        .isInstanceOf(IndexCorruptException.class)
        .hasMessageEndingWith("opened with 40 of 0");
  }

  @Test
  void sparseAndDenseAreNotMistakenForEachOther() throws IOException {
    MemorySegment sparse = MemorySegment.ofArray(written());
    DenseVectors dense = DenseVectors.of(new float[COUNT], 1);

    assertThatThrownBy(() -> VectorIndex.map(sparse, dense))
        .isInstanceOf(IndexCorruptException.class)
        .hasMessage("the index is over sparse vectors, not over dense ones");
    BuiltIndex lists =
        IndexBuilder.build(
            dense, new IndexParams.Ivf(Metric.L2, 1, 1), BuildControl.onCallingThread());
    assertThatThrownBy(() -> SparseIndex.map(lists.file(), VECTORS))
        .isInstanceOf(IndexCorruptException.class)
        .hasMessage("the index is over dense vectors, not over sparse ones");
  }

  @Test
  void vectorsWithoutEntriesHaveAnIndex() throws IOException {
    for (int count : new int[] {0, 3}) {
      SparseVectors none = TestSparseVectors.of(new byte[count][0]);
      SparseIndex index = SparseIndex.map(MemorySegment.ofArray(bytes(none)), none);

      byte[] query = Arrays.copyOf(new byte[] {1}, 8);
      assertThat(index.search(query, 1, new SearchParams.Exact(), AcceptedRows.ALL).size())
          .isZero();
    }
  }

  @Override
  byte[] written() throws IOException {
    return bytes(VECTORS);
  }

  @Override
  void open(MemorySegment file) {
    SparseIndex.map(file, VECTORS);
  }

  private static byte[] bytes(SparseVectors vectors) throws IOException {
    return HnswBuilderTest.bytes(
        IndexBuilder.build(vectors, new IndexParams.Sparse(), BuildControl.onCallingThread()));
  }
}
