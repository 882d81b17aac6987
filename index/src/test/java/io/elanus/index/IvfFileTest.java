package io.elanus.index;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/// What is refused of a file of lists.
class IvfFileTest extends IndexFileContract {
  private static final int COUNT = 90;
  private static final DenseVectors VECTORS =
      DenseVectors.of(TestVectors.clustered(COUNT, 5, 3, 1), 5);

  /// A writer that is wrong makes a right checksum, too.
  @Test
  void placesThatHoldNoRowOfTheirOwnAreRefused() throws IOException {
    byte[] file = written();
    IvfHeader header = IvfHeader.read(MemorySegment.ofArray(file));

    assertRefused(resealed(file, 28, 0), "impossible values");
    assertRefused(resealed(file, 28, 30), "file has");
    assertRefused(resealed(file, header.endsStart(), COUNT + 1), "a list ends at 91 of 90");
    assertRefused(resealed(file, header.endsStart(), -1), "a list ends at -1 of 90");
    assertRefused(resealed(file, header.endsStart() + 4, COUNT - 1), "the lists end at 89 of 90");
    assertRefused(resealed(file, header.rowsStart() + 4, COUNT), "row 90 of 90 in place 1");
    assertRefused(resealed(file, header.rowsStart(), -1), "row -1 of 90 in place 0");
    int second = MemorySegment.ofArray(file).get(IndexFile.INT, header.rowsStart() + 4);
    assertRefused(resealed(file, header.rowsStart(), second), "in place 1");
  }

  @Override
  DenseVectors vectors() {
    return VECTORS;
  }

  @Override
  byte[] written() throws IOException {
    return bytes(new IndexParams.Ivf(Metric.COSINE, 2, 1));
  }

  private static byte[] bytes(IndexParams params) throws IOException {
    return HnswBuilderTest.bytes(
        IndexBuilder.build(VECTORS, params, BuildControl.onCallingThread()));
  }
}
